/* SPDX-License-Identifier: ISC */
/* Aliases files, and what is read in them: see test_alias_parse.c. */
#ifndef ALIAS_CASES_H
#define ALIAS_CASES_H

#define Q "\""
#define PROGRAM ": mail is not given to programs; write an address"
#define NO_FILE                                                         \
	": mail is not put into files; write an address, or /dev/null " \
	"to throw it away"
#define LIST_PATH ": write :include: and a whole path, from " Q "/" Q
#define OTHER_LIST ": of these only :include:/path is known; write an address"
#define COLON ": a " Q ":" Q " within; begin each alias in a line of its own"
#define NOBODY                                                                 \
	"stands for nobody; write an address, or /dev/null to throw its mail " \
	"away"
#define ANOTHER(n) "there is another one in line " n "; make them one"
#define COMMA "a comma is missing between this line and the one before"
#define NO_ALIAS(n)                                                           \
	"? f:" n ": no alias; write " Q "name: address" Q ", and begin what " \
	"continues a line with a blank\n"
#define CONTINUES_NONE(n) \
	"? f:" n ": a line that begins with a blank, and continues none\n"
#define NO_NAME(n) "? f:" n ": no name before the " Q ":" Q "\n"
#define HAS_DOMAIN(n, name) \
	"? f:" n ": " name ": an alias is a name without a domain\n"

static const struct {
	const char *text, *want;
} cases[] = {
    /* nothing */
    {"", ""},
    {"\n\n", ""},
    {"# root: bob\n  # x\n \t \n", ""},
    {"#", ""},
    /* one target */
    {"root: bob", "root 1: bob@1\n"},
    {"root: bob\n", "root 1: bob@1\n"},
    {"root: bob\r\n", "root 1: bob@1\n"},
    {"root:bob", "root 1: bob@1\n"},
    {"root :\tbob \t", "root 1: bob@1\n"},
    {"root: bob@x.example", "root 1: bob@x.example@1\n"},
    {"root: Bob <bob@x.example>", "root 1: bob@x.example@1\n"},
    {"root: <bob@x.example>", "root 1: bob@x.example@1\n"},
    {"root: bob (the man)", "root 1: bob@1\n"},
    {"root: bob+x@X.example", "root 1: bob+x@X.example@1\n"},
    {"root: bob@[IPv6:2001:db8::1]", "root 1: bob@[IPv6:2001:db8::1]@1\n"},
    {"root: " Q "bob b" Q "@x.example",
	"root 1: " Q "bob b" Q "@x.example@1\n"},
    {"root: j\xc3\xb6rg@x.example", "root 1: j\xc3\xb6rg@x.example@1\n"},
    {"root: a/b@x.example", "root 1: a/b@x.example@1\n"},
    {"root: /a/b@x.example", "root 1: /a/b@x.example@1\n"},
    /* several */
    {"root: bob, carol", "root 1: bob@1 carol@1\n"},
    {"root: bob,carol,", "root 1: bob@1 carol@1\n"},
    {"root: ,,bob,,carol", "root 1: bob@1 carol@1\n"},
    {"root: " Q "a,b" Q ", c", "root 1: " Q "a,b" Q "@1 c@1\n"},
    {"root: x (a, b), c", "root 1: x@1 c@1\n"},
    {"root: " Q "B, C" Q " <b@x.example>, c", "root 1: b@x.example@1 c@1\n"},
    {"b: x\na: y\n", "a 2: y@2\nb 1: x@1\n"},
    /* continued */
    {"root: bob,\n carol\n", "root 1: bob@1 carol@2\n"},
    {"root: bob\n\t, carol\n", "root 1: bob@1 carol@2\n"},
    {"root:\n bob\n", "root 1: bob@2\n"},
    {"root: bob,\n\n# x\n  # y\n carol\n", "root 1: bob@1 carol@5\n"},
    {"root: bob\n carol\n", "root 1: bob@1 !" COMMA "@2 carol@2\n"},
    {" bob\n", CONTINUES_NONE("1")},
    {"\n bob\nroot: x\n", "root 3: x@3\n" CONTINUES_NONE("2")},
    /* names */
    {"Root: bob", "root 1: bob@1\n"},
    {Q "root" Q ": bob", "root 1: bob@1\n"},
    {Q "a b" Q ": bob", Q "a b" Q " 1: bob@1\n"},
    {Q "a:b" Q ": bob", Q "a:b" Q " 1: bob@1\n"},
    {Q "a\\" Q "b" Q ": bob", Q "a\\" Q "b" Q " 1: bob@1\n"},
    {"a.b: bob", "a.b 1: bob@1\n"},
    {"owner-a_b+c: bob", "owner-a_b+c 1: bob@1\n"},
    {"j\xc3\xb6rg: bob", "j\xc3\xb6rg 1: bob@1\n"},
    {"*: bob", "* 1: bob@1\n"},
    {"default: bob", "* 1: bob@1\n"},
    {"Default: bob", "* 1: bob@1\n"},
    {": bob", NO_NAME("1")},
    {"  : bob\n", CONTINUES_NONE("1")},
    {"<>: bob", "? f:1: <>: an alias is a name without a domain\n"},
    {"a@x.example: bob", HAS_DOMAIN("1", "a@x.example")},
    {"a b: bob", "? f:1: a b: words where an address should be; a name like "
		 "that needs quotes\n"},
    {"a, b: bob", "? f:1: 2 addresses where one should be; a name like that "
		  "needs quotes\n"},
    {"a..b: bob", Q "a..b" Q " 1: bob@1\n"},
    {Q "a: bob", NO_ALIAS("1")},
    {"root", NO_ALIAS("1")},
    {"root bob", NO_ALIAS("1")},
    {"x: y\nroot bob\nz", "x 1: y@1\n" NO_ALIAS("2")},
    {"root bob\n carol\nx: y\n", "x 3: y@3\n" NO_ALIAS("1")},
    {"a: x\nb: y\nA: z\n",
	"a 1 !" ANOTHER("3") ": x@1\na 3 !" ANOTHER("1") ": z@3\nb 2: y@2\n"},
    {"default: x\n*: y\n",
	"* 1 !" ANOTHER("2") ": x@1\n* 2 !" ANOTHER("1") ": y@2\n"},
    {"root:", "root 1 !" NOBODY ":\n"},
    {"root: ,", "root 1 !" NOBODY ":\n"},
    /* what is no address */
    {"x: /dev/null", "x 1: nothing@1\n"},
    {"x: " Q "/dev/null" Q ", a", "x 1: nothing@1 a@1\n"},
    {"x: \\x, a", "x 1: \\x@1 a@1\n"},
    {"x: \\X", "x 1: \\X@1\n"},
    {"x: :include:/a/b", "x 1: list /a/b@1\n"},
    {"x: :Include: /a/b , c", "x 1: list /a/b@1 c@1\n"},
    {"x: " Q ":include:/a b,c" Q, "x 1: list /a b,c@1\n"},
    {"x: :include:a", "x 1: !:include:a" LIST_PATH "@1\n"},
    {"x: :include:", "x 1: !:include:" LIST_PATH "@1\n"},
    {"x: :include:~/a", "x 1: !:include:~/a" LIST_PATH "@1\n"},
    {"x: :include:/a\001b", "x 1: !:include:/a?b" LIST_PATH "@1\n"},
    {"x: :fail: gone", "x 1: !:fail: gone" OTHER_LIST "@1\n"},
    {"x: |/bin/y", "x 1: !|/bin/y" PROGRAM "@1\n"},
    {"x: " Q "|/bin/y -a, b" Q, "x 1: !" Q "|/bin/y -a, b" Q PROGRAM "@1\n"},
    {"x: /var/mail/y", "x 1: !/var/mail/y" NO_FILE "@1\n"},
    {"x: " Q "/var/mail/y" Q, "x 1: !" Q "/var/mail/y" Q NO_FILE "@1\n"},
    {"x: /dev/nul", "x 1: !/dev/nul" NO_FILE "@1\n"},
    {"x: y: z", "x 1: !y: z" COLON "@1\n"},
    {"x: y;z", "x 1: !y;z: unexpected " Q ";" Q "@1\n"},
    {"x: a b", "x 1: !a b: words where an address should be@1\n"},
    {"x: a # b", "x 1: !a # b: words where an address should be@1\n"},
    {"x: a@", "x 1: !a@: nothing after the " Q "@" Q "@1\n"},
    {"x: @b", "x 1: !@b: address without a local part@1\n"},
    {"x: <>", "x 1: !<>: no address@1\n"},
    {"x: \\", "x 1: !\\: no address@1\n"},
    {"x: " Q "a", "x 1: !" Q "a: quoted string without its closing " Q "@1\n"},
    {"x: a\001b", "x 1: !a?b: control character@1\n"},
    {"x: a, |y, b", "x 1: a@1 !|y" PROGRAM "@1 b@1\n"},
};

#endif
