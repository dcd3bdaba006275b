/* SPDX-License-Identifier: ISC */
/* The addresses of test_address.c, and what must become of them. */
#ifndef ADDRESS_CASES_H
#define ADDRESS_CASES_H

#include "base/limits.h"
#include "unit.h"

#include <stdbool.h>

/* What must be read, and as what: addresses joined by "|". */
static const struct {
	const char *in, *want;
} fine[] = {
    {"", ""},
    {" \t\r\n ", ""},
    {"bob@example.com", "bob@example.com"},
    {"<bob@example.com>", "bob@example.com"},
    {"Bob <bob@example.com>", "bob@example.com"},
    {"Bob Q. Public <bob@example.com>", "bob@example.com"},
    {"J. <j@example.com>", "j@example.com"},
    {"\"Public, Bob\" <bob@example.com>", "bob@example.com"},
    {"\"a \\\"b\\\" <x@y>, c\" <bob@example.com>", "bob@example.com"},
    {"\"Bob\" Public<bob@example.com>", "bob@example.com"},
    {"B\303\266b <bob@example.com>", "bob@example.com"},
    {"=?utf-8?q?B=C3=B6b?= <bob@example.com>", "bob@example.com"},
    {"B\366b <bob@example.com>", "bob@example.com"}, /* Latin-1 */
    {"root", "root"},
    {"<root>", "root"},
    {"a@b, c@d", "a@b|c@d"},
    {"a@b,c@d,", "a@b|c@d"},
    {",, a@b ,, c@d ,", "a@b|c@d"},
    {",", ""},
    {"A <a@b>, c@d, \"E, F\" <e@f>", "a@b|c@d|e@f"},
    /* folded */
    {"a@b,\r\n c@d,\r\n\te@f", "a@b|c@d|e@f"},
    {"Bob\r\n Public\r\n <bob@example.com>\r\n", "bob@example.com"},
    {"\"Bob\r\n Public\" <bob@example.com>", "bob@example.com"},
    {"a@b,\n c@d", "a@b|c@d"},
    /* comments */
    {"bob@example.com (Bob)", "bob@example.com"},
    {"(Bob) bob@example.com", "bob@example.com"},
    {"bob(x)@(y)example(z).(w)com(v)", "bob@example.com"},
    {"a@b (one, two), c@d", "a@b|c@d"},
    {"(a (nested (deeply) one) b) bob@example.com", "bob@example.com"},
    {"(\\) \\( \\\\) bob@example.com", "bob@example.com"},
    {"Bob (x@y) <bob@example.com> (a@b)", "bob@example.com"},
    {"(only a remark)", ""},
    /* groups */
    {"undisclosed-recipients:;", ""},
    {"Undisclosed recipients: ;", ""},
    {"A Group: a@b, C <c@d>;", "a@b|c@d"},
    {"x@y, G: a@b;, z@w", "x@y|a@b|z@w"},
    {"\"G, H\": a@b; , I:;", "a@b"},
    {"G:(remark);(another)", ""},
    /* quoted local parts; unquoted where they may be */
    {"\"bob\"@example.com", "bob@example.com"},
    {"\"bob.public\"@example.com", "bob.public@example.com"},
    {"\"b\\ob\"@example.com", "bob@example.com"},
    {"\"bob public\"@example.com", "\"bob public\"@example.com"},
    {"\"bob@home\"@example.com", "\"bob@home\"@example.com"},
    {"\"b\\\"o\\\\b\"@example.com", "\"b\\\"o\\\\b\"@example.com"},
    {"\"a,b\"@example.com", "\"a,b\"@example.com"},
    {"\"<a>\"@example.com", "\"<a>\"@example.com"},
    {"\"a..b\"@example.com", "\"a..b\"@example.com"},
    {"\".a\"@example.com", "\".a\"@example.com"},
    {"\"\"@example.com", "\"\"@example.com"},
    {"<\"x y\"@example.com>", "\"x y\"@example.com"},
    {"\"a\".b.\"c\"@example.com", "a.b.c@example.com"},
    /* obsolete, and what telephones made */
    {"bob . public @ example . com", "bob.public@example.com"},
    {"< bob @ example.com >", "bob@example.com"},
    {"bob.@example.com", "\"bob.\"@example.com"},
    {"b..ob@example.com", "\"b..ob\"@example.com"},
    /* routes */
    {"<@relay.example:bob@example.com>", "bob@example.com"},
    {"<@a.example,@b.example:bob@example.com>", "bob@example.com"},
    {"Bob <@a.example, @b.example : bob@example.com>", "bob@example.com"},
    {"<@[192.0.2.1]:bob@example.com>", "bob@example.com"},
    /* literals */
    {"bob@[192.0.2.1]", "bob@[192.0.2.1]"},
    {"<bob@[IPv6:2001:db8::1]>", "bob@[IPv6:2001:db8::1]"},
    {"a@[IPv6:1:2:3:4:5:6::]", "a@[IPv6:1:2:3:4:5:6::]"},
    {"a@[IPv6:1:2:3:4::192.0.2.1]", "a@[IPv6:1:2:3:4::192.0.2.1]"},
    {"bob@ [192.0.2.1] (x)", "bob@[192.0.2.1]"},
    /* beyond letters */
    {"b\303\266b@ex\303\244mple.com", "b\303\266b@xn--exmple-cua.com"},
    {"bob@ex\303\244mple.com", "bob@xn--exmple-cua.com"},
    {"<bob@EX\303\204MPLE.com>", "bob@xn--exmple-cua.com"},
    {"bob@\343\201\202\343\200\202com", "bob@xn--l8j.com"},
    {"bob@xn--exmple-cua.com", "bob@xn--exmple-cua.com"},
    {"\"b\303\266 b\"@example.com", "\"b\303\266 b\"@example.com"},
    {"!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"},
    {"-bob@example.com", "-bob@example.com"},
    {"bob@a_b.x-y.example", "bob@a_b.x-y.example"},
    {"bob%home@example.com", "bob%home@example.com"},
    {"BOB@Example.COM", "BOB@Example.COM"},
};

/* What must be refused: two readings, no reading, or no address. */
static const char *const too_much[] = {"bob@example.com carol@x", "a b@c",
    "<a@b> <c@d>", "Bob bob@example.com", "Bob <a@b> Carol <c@d>", "a@b <c@d>",
    "a@b; c@d", "a@b;", "<a@b>c", "a@b\r\nRCPT TO:<x@y>", "a@b> SIZE=1", "a@b>",
    "<<a@b>>", "Bob <a@b> c@d", "\"a\" \"b\"@c", "a@b@c", "a@@b", "a@b:c@d",
    "G: H: a@b;;", "a b, c@d", "c@d, a b", "<a@b, c@d>", "<a b@c>", "a@b c",
    "a:b@c;d@e", "a@b)", "a@b\\"};
static const char *const too_little[] = {"@", "@b", "a@", "<>", "a@b, <>",
    "Bob <>", "< >", "<@a>", "<@a:>", "a@,b@c", "a@.", ".", "..", "a@b, .",
    "<.>", "\"a@b", "\"a@b\\", "a@b (c", "(a", "(a \\)", "<a@b", "a@[192.0.2.1",
    "a@[", "a@[]", "<@a,@b>", "<:a@b>", "a@b, <c@d"};
static const char *const bad_routes[] = {
    "<@a c@d>", "<,a@b>", "<@a,@b c@d>", "<@a:@b:c@d>", "@a:b@c"};
static const char *const bad_domains[] = {"a@b..c", "a@.b", "a@b.", "a@b c.d",
    "a@b/c", "a@b!c", "a@\"b\"", "a@b\\c", "a@b&c", "a@b'c", "a@b$(id)",
    "a@b`id`", "a@b|c", "a@[1 2]", "a@[1.2.3.4].b", "a@[1]b]", "a@[a[b]",
    "a@[1\\.2]", "a@b[1.2.3.4]", "a@[1.2.3.4]b", "a@b%c", "a@b=c"};
static const char *const controls[] = {"a\001@b", "a@b\001", "\001a@b",
    "a@b\177c", "\"a\tb\"@c", "\"a\001b\"@c", "\"a\\\rb\"@c", "\"a\\\nb\"@c",
    "a@[1\t2]", "a@[1\r\n2]", "a\033@b", "a@b\b", "\"a\177\"@b", "a@b\v",
    "a\f@b", "a@b\r\n\001"};
/* A lone byte, a cut one, overlong, a surrogate, beyond Unicode; C1. */
static const char *const bad_utf8[] = {"b\366b@example.com", "b@ex\344mple.com",
    "b\303@example.com", "b\300\257b@example.com", "b\355\240\200@example.com",
    "b\364\220\200\200@example.com", "\200@b", "b\302\205b@example.com"};
/* In "::" of RFC 5321 are two groups or more. */
static const char *const bad_literals[] = {"a@[1.2.3.\303\266]",
    "a@[IPv6:1:2:3:4:5:6::8]", "a@[IPv6:1:2:3:4:5::192.0.2.1]"};

static struct refusals {
	const char *why;
	const char *const *in;
	size_t n;
} refused[] = {
    {"too much", too_much, COUNT(too_much)},
    {"too little", too_little, COUNT(too_little)},
    {"route", bad_routes, COUNT(bad_routes)},
    {"domain", bad_domains, COUNT(bad_domains)},
    {"control", controls, COUNT(controls)},
    {"UTF-8", bad_utf8, COUNT(bad_utf8)},
    {"literal", bad_literals, COUNT(bad_literals)},
};

static const struct {
	const char *name, *before, *part;
	size_t n;
	const char *behind;
	bool fine;
} sizes[] = {
    {"local part of 64", "", "x", 64, "@b", true},
    {"local part of 65", "", "x", 65, "@b", false},
    {"local part of 64 with its quotes", "\"", " ", 62, "\"@b", true},
    {"local part of 65 with its quotes", "\"", " ", 63, "\"@b", false},
    {"local part of 5000", "", "x", 5000, "@b", false},
    {"bare name of 64", "", "x", 64, "", true},
    {"bare name of 65", "", "x", 65, "", false},
    {"address of 254", "a@", "x.", 125, "yy", true},
    {"address of 255", "a@", "x.", 125, "yyy", false},
    {"domain of 5000", "a@", "x.", 2500, "y", false},
    {"literal of 5000", "a@[", "1.", 2500, "]", false},
    {"display name of 1 MB", "\"", "x", MIB, "\" <a@b>", true},
    {"phrase of a million words", "", "x ", MIB, "<a@b>", true},
    {"comment of 1 MB", "a@b (", "x", MIB, ")", true},
    {"fold of 1 MB", "a@b,", "\r\n ", MIB, "c@d", true},
    {"route of 1000 hosts", "<@a", ",@b.example", 1000, ":a@b>", true},
    {"commas, a million", "a@b", ",", MIB, "c@d", true},
    {"comments 32 deep", "", "(", 32, "))))))))))))))))))))))))))))))))a@b",
	true},
    {"comments 33 deep", "", "(", 33, ")))))))))))))))))))))))))))))))))a@b",
	false},
    {"comments a million deep", "a@b ", "(", MIB, "", false},
    {"list of 10,000", "", "someone@example.com,\r\n ", 10000, "a@b", true},
    {"list of 10,000, the last no address", "", "a@b, ", 10000, "a b", false},
};

/* The form in which a queue file has it: nothing is repaired any more. */
static const char *const not_for_an_envelope[] = {"\"\\\303\244\"@b", "",
    "<a@b>", " a@b", "a@b ", "a @b", "a@ b", "a@b\r\n", "a@b\r\nDATA", "a@b>",
    "a@b> SIZE=1", "a,b@c", "(x)a@b", "a..b@c", ".a@b", "a.@b", "\"a@b",
    "\"a\"b\"@c", "\"a\\\"@c", "a\"b\"@c", "\"@c", "a@b..c", "a@b.", "a@.b",
    "a@", "@b", "@", "a@b@", "a@[1", "a@1]", "a@[]", "a@[[1]]", "a@[1 2]",
    "a@b,c", "a b", "a<b@c", "\"a\"x@c", "a;b@c", "a:b", "a\\b@c", "a@b\001",
    "\"a\tb\"@c", "a@b\177", "a@b%c"};

#endif
