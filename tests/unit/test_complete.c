/* SPDX-License-Identifier: ISC */
/* Completing a header block: what comes, what goes, what stays as it was. */
#include "unit.h"

#include "base/id.h"
#include "base/limits.h"
#include "message/complete.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DATE "Date: Sat, 21 Nov 2026 19:25:01 +0000\r\n"
#define FROM "From: Alice <alice@example.org>\r\n"
/* What is different in each run: here as it is shown. */
#define ID "Message-ID: <*@host.example.org>\r\n"
#define ALL_THREE DATE FROM ID

static const struct completion plain = {
    .now_us = 1795289101999999,
    .sender = "alice@example.org",
    .full_name = "Alice",
    .host_name = "host.example.org",
};

/* Puts "*" for the id of a Message-ID of ours, if it has the form of one. */
static void
hide_id(struct buf *text)
{
	char *at = strstr(buf_text(text), "Message-ID: <");
	char *end;

	if (at == NULL)
		return;
	at += strlen("Message-ID: <");
	end = strstr(at, "@host.example.org>");
	if (end == NULL || !id_is_valid(span(at, (size_t)(end - at))))
		return;
	memmove(at + 1, end, strlen(end) + 1);
	*at = '*';
	text->len = strlen(text->at);
}

static void
expect(const char *head, const struct completion *c, const char *want)
{
	struct buf to;

	buf_init(&to, MIB);
	complete_header(span_of(head), c, &to);
	assert_true(buf_ok(&to));
	hide_id(&to);
	if (strcmp(buf_text(&to), want) != 0)
		fail_msg("\"%s\" gives \"%s\", not \"%s\"", head, buf_text(&to),
		    want);
	buf_release(&to);
}

static const struct {
	const char *head, *want;
} cases[] = {
    {"", ALL_THREE "\r\n"},
    {"Subject: x\r\n", "Subject: x\r\n" ALL_THREE "\r\n"},
    {"Date: then\r\nFrom: b@c\r\nMessage-ID: <x@y>\r\n",
	"Date: then\r\nFrom: b@c\r\nMessage-ID: <x@y>\r\n\r\n"},
    /* names are the same in any case, blanks before the colon or not */
    {"DATE: then\r\nfrom : b@c\r\nmessage-id:\r\n",
	"DATE: then\r\nfrom : b@c\r\nmessage-id:\r\n\r\n"},
    {"From: b@c\r\nDate: then\r\n", "From: b@c\r\nDate: then\r\n" ID "\r\n"},
    {"Date: then\r\nMessage-ID: <x@y>\r\n",
	"Date: then\r\nMessage-ID: <x@y>\r\n" FROM "\r\n"},
    {"From: b@c\r\nMessage-ID: <x@y>\r\n",
	"From: b@c\r\nMessage-ID: <x@y>\r\n" DATE "\r\n"},
    /* others that look like them */
    {"Resent-Date: x\r\nX-From: y\r\nMessage: z\r\n",
	"Resent-Date: x\r\nX-From: y\r\nMessage: z\r\n" ALL_THREE "\r\n"},
    {"X: y\r\n Date: z\r\n", "X: y\r\n Date: z\r\n" ALL_THREE "\r\n"},
    /* what never leaves, all of it, wherever it is */
    {"Bcc: a@b\r\n", ALL_THREE "\r\n"},
    {"To: x@y\r\nBcc: a@b,\r\n c@d,\r\n\te@f\r\nCc: z@w\r\nbcc : g@h\r\n",
	"To: x@y\r\nCc: z@w\r\n" ALL_THREE "\r\n"},
    {"RESENT-BCC: a@b\r\nReturn-Path: <c@d>\r\nX: y\r\n",
	"X: y\r\n" ALL_THREE "\r\n"},
    {"X-Bcc: a\r\nBccx: b\r\nReturn: c\r\n",
	"X-Bcc: a\r\nBccx: b\r\nReturn: c\r\n" ALL_THREE "\r\n"},
    {"Bcc: From: a@b\r\n", ALL_THREE "\r\n"},
    /* byte for byte and in its order */
    {"b:  2 \r\nA:1\r\n\tfold  \r\n \r\nb: \303\274\377\r\n",
	"b:  2 \r\nA:1\r\n\tfold  \r\n \r\nb: \303\274\377\r\n" ALL_THREE
	"\r\n"},
};

static void
test_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect(cases[i].head, &plain, cases[i].want);
}

static const struct {
	const char *full_name, *from;
} names[] = {
    {"", "From: alice@example.org\r\n"},
    {"Alice", "From: Alice <alice@example.org>\r\n"},
    {"Alice B Cooper", "From: Alice B Cooper <alice@example.org>\r\n"},
    {"O'Neill & Sons", "From: O'Neill & Sons <alice@example.org>\r\n"},
    {"Cooper, Alice", "From: \"Cooper, Alice\" <alice@example.org>\r\n"},
    {"Alice B.", "From: \"Alice B.\" <alice@example.org>\r\n"},
    {"Alice (root)", "From: \"Alice (root)\" <alice@example.org>\r\n"},
    {"a@b", "From: \"a@b\" <alice@example.org>\r\n"},
    {"<x@y>", "From: \"<x@y>\" <alice@example.org>\r\n"},
    {"a \"b\" \\c", "From: \"a \\\"b\\\" \\\\c\" <alice@example.org>\r\n"},
    {"a:b", "From: \"a:b\" <alice@example.org>\r\n"},
    {"a;b", "From: \"a;b\" <alice@example.org>\r\n"},
    {"[a]", "From: \"[a]\" <alice@example.org>\r\n"},
    /* would need encoding, or would make a field of its own */
    {"\303\204lice", "From: alice@example.org\r\n"},
    {"Alice\r\nBcc: x@y", "From: alice@example.org\r\n"},
    {"Alice\nX: y", "From: alice@example.org\r\n"},
    {"Ali\tce", "From: alice@example.org\r\n"},
    {"Ali\177ce", "From: alice@example.org\r\n"},
    {"\033[2J", "From: alice@example.org\r\n"},
};

static void
test_full_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct completion c = plain;
		struct buf want;

		buf_init(&want, MIB);
		buf_printf(&want, "%s%s%s\r\n", DATE, names[i].from, ID);
		c.full_name = names[i].full_name;
		expect("", &c, buf_text(&want));
		buf_release(&want);
	}
}

/* Of the same microsecond; by chance the same once in 16 million. */
static void
test_ids_differ(void **state)
{
	struct buf a, b;

	(void)state;
	buf_init(&a, MIB);
	buf_init(&b, MIB);
	complete_header(span_of(""), &plain, &a);
	complete_header(span_of(""), &plain, &b);
	assert_string_not_equal(buf_text(&a), buf_text(&b));
	buf_release(&a);
	buf_release(&b);
}

/* Appends to what is there; without room it says so. */
static void
test_room(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 300);
	buf_add_text(&to, "before ");
	complete_header(span_of("A: b\r\n"), &plain, &to);
	assert_true(buf_ok(&to));
	assert_memory_equal(to.at, "before A: b\r\nDate: ", 19);
	buf_release(&to);
	buf_init(&to, 100);
	complete_header(span_of("A: b\r\n"), &plain, &to);
	assert_false(buf_ok(&to));
	buf_release(&to);
}

static const struct {
	const char *name;
	bool want;
} removed[] = {
    {"Bcc", true},
    {"BCC", true},
    {"resent-bcc", true},
    {"Return-Path", true},
    {"Bc", false},
    {"Bccc", false},
    {"", false},
    {"To", false},
    {"X-Bcc", false},
    {"Return-Receipt-To", false},
};

static void
test_removes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(removed); i++)
		if (complete_removes(span_of(removed[i].name)) !=
		    removed[i].want)
			fail_msg("\"%s\"", removed[i].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_complete),
	    cmocka_unit_test(test_full_names),
	    cmocka_unit_test(test_ids_differ),
	    cmocka_unit_test(test_room),
	    cmocka_unit_test(test_removes),
	};

	setenv("TZ", "UTC0", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
