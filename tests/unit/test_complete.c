/* SPDX-License-Identifier: ISC */
/* Completing a header block: what comes, what goes, what stays as it was. */
#include "unit.h"

#include "base/id.h"
#include "base/limits.h"
#include "message/complete.h"
#include "message/header.h"

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
    .domain = "mail.example.org",
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

static int
complete(const char *head, const struct completion *c, struct buf *to,
    struct mends *log, struct error *err)
{
	*err = (struct error){0};
	mends_init(log);
	return complete_header(span_of(head), c, to, log, err);
}

static void
expect(const char *head, const struct completion *c, const char *want)
{
	struct mends log;
	struct error err;
	struct buf to;

	buf_init(&to, MIB);
	if (complete(head, c, &to, &log, &err) != 0)
		fail_msg("\"%s\": %s", head, err.text);
	assert_true(buf_ok(&to));
	hide_id(&to);
	if (strcmp(buf_text(&to), want) != 0)
		fail_msg("\"%s\" gives \"%s\", not \"%s\"", head, buf_text(&to),
		    want);
	mends_release(&log);
	buf_release(&to);
}

static const struct {
	const char *head, *want;
} cases[] = {
    {"", ALL_THREE},
    {"Subject: x\r\n", "Subject: x\r\n" ALL_THREE},
    {"Date: Sat, 21 Nov 2026 19:25 GMT\r\nFrom: b@c\r\nMessage-ID: <x@y>\r\n",
	"Date: Sat, 21 Nov 2026 19:25 GMT\r\nFrom: b@c\r\nMessage-ID: "
	"<x@y>\r\n"},
    /* names are the same in any case, blanks before the colon or not */
    {"DATE: Sat, 21 Nov 2026 19:25:01 +0000\r\nfrom : "
     "b@c\r\nmessage-id:<x@y>\r\n",
	"DATE: Sat, 21 Nov 2026 19:25:01 +0000\r\nfrom : "
	"b@c\r\nmessage-id:<x@y>\r\n"},
    {"From: b@c\r\nDate: Sat, 21 Nov 2026 19:25 GMT\r\n",
	"From: b@c\r\nDate: Sat, 21 Nov 2026 19:25 GMT\r\n" ID},
    {"Date: Sat, 21 Nov 2026 19:25 GMT\r\nMessage-ID: <x@y>\r\n",
	"Date: Sat, 21 Nov 2026 19:25 GMT\r\nMessage-ID: <x@y>\r\n" FROM},
    {"From: b@c\r\nMessage-ID: <x@y>\r\n",
	"From: b@c\r\nMessage-ID: <x@y>\r\n" DATE},
    /* what says nothing is as good as missing */
    {"Date: \r\nFrom:\r\nMessage-ID:\r\n \r\n", ALL_THREE},
    {"Date: yesterday\r\nFrom: b@c\r\nMessage-ID: x@y\r\n",
	"X-Original-Date: yesterday\r\nFrom: b@c\r\nMessage-ID: "
	"<x@y>\r\n" DATE},
    {"From: Backup of web1\r\n",
	"From: Backup of web1 <alice@example.org>\r\n" DATE ID},
    {"From: b\r\nTo: c, d@e\r\n",
	"From: b@mail.example.org\r\nTo: c@mail.example.org, d@e\r\n" DATE ID},
    {"From: b@c, d@e\r\n",
	"From: b@c, d@e\r\nSender: alice@example.org\r\n" DATE ID},
    {"To: b@c\r\nX: y\r\nTO: d@e\r\n",
	"To: b@c,\r\n d@e\r\nX: y\r\n" ALL_THREE},
    {"Subject: x\r\nSubject: x\r\n", "Subject: x\r\n" ALL_THREE},
    /* others that look like them */
    {"X-Date: x\r\nX-From: y\r\nMessage: z\r\n",
	"X-Date: x\r\nX-From: y\r\nMessage: z\r\n" ALL_THREE},
    {"X: y\r\n Date: z\r\n", "X: y\r\n Date: z\r\n" ALL_THREE},
    /* what never leaves, all of it, wherever it is */
    {"Bcc: a@b\r\n", ALL_THREE},
    {"To: x@y\r\nBcc: a@b,\r\n c@d,\r\n\te@f\r\nCc: z@w\r\nbcc : g@h\r\n",
	"To: x@y\r\nCc: z@w\r\n" ALL_THREE},
    {"return-path: <c@d>\r\nX: y\r\n", "X: y\r\n" ALL_THREE},
    {"X-Resent-Bcc: a@b\r\nX: y\r\n",
	"X-Resent-Bcc: a@b\r\nX: y\r\n" ALL_THREE},
    {"X-Bcc: a\r\nBccx: b\r\nReturn: c\r\n",
	"X-Bcc: a\r\nBccx: b\r\nReturn: c\r\n" ALL_THREE},
    {"Bcc: From: a@b\r\n", ALL_THREE},
    {"Bcc: \303\274@b\r\n", ALL_THREE},
    /* what must not leave as it is */
    {"Subject: gr\303\274n\r\n",
	"Subject: =?utf-8?Q?gr=C3=BCn?=\r\n" ALL_THREE},
    {"Subject: gr\374n\r\n", "Subject: =?iso-8859-1?Q?gr=FCn?=\r\n" ALL_THREE},
    /* byte for byte and in its order */
    {"b:  2 \r\nA:1\r\n\tfold  \r\n \r\nb: =\r\n",
	"b:  2 \r\nA:1\r\n\tfold  \r\n \r\nb: =\r\n" ALL_THREE},
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
    /* needs encoding */
    {"\303\204lice", "From: =?utf-8?Q?=C3=84lice?= <alice@example.org>\r\n"},
    {"\303\204lice, B.",
	"From: =?utf-8?Q?=C3=84lice=2C_B=2E?= <alice@example.org>\r\n"},
    /* controls are blanks */
    {"Ali\177ce", "From: Ali ce <alice@example.org>\r\n"},
    {"a\033[2J", "From: \"a [2J\" <alice@example.org>\r\n"},
};

static void
test_full_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct completion c = plain;
		struct buf want;

		buf_init(&want, MIB);
		buf_printf(&want, "%s%s%s", DATE, names[i].from, ID);
		c.full_name = names[i].full_name;
		expect("", &c, buf_text(&want));
		buf_release(&want);
	}
}

static const struct {
	enum received received;
	const char *head, *want;
} trace[] = {
    {RECEIVED_NONE, "To: b@c\r\n", "To: b@c\r\n"},
    {RECEIVED_HOST, "To: b@c\r\n",
	"Received: by host.example.org (pillarbox);\r\n"
	" Sat, 21 Nov 2026 19:25:01 +0000\r\nTo: b@c\r\n"},
    /* before one that is there, which stays */
    {RECEIVED_USER, "Received: by x; y\r\n",
	"Received: by host.example.org (pillarbox, from userid 1000);\r\n"
	" Sat, 21 Nov 2026 19:25:01 +0000\r\nReceived: by x; y\r\n"},
    {RECEIVED_USER, "DKIM-Signature: h=received\r\n",
	"DKIM-Signature: h=received\r\n"},
};

static void
test_received(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(trace); i++) {
		struct completion c = plain;
		struct buf want;

		buf_init(&want, MIB);
		buf_printf(&want, "%s%s", trace[i].want, ALL_THREE);
		c.received = trace[i].received;
		c.uid = 1000;
		expect(trace[i].head, &c, buf_text(&want));
		buf_release(&want);
	}
}

/* Never a field of its own, nor a line that is none. */
static void
test_full_name_with_line_ends(void **state)
{
	static const char *const bad[] = {"Alice\r\nBcc: x@y", "Alice\nX: y",
	    "Alice\r", "\r\n\r\nHello", "Alice\r\n X: y", "\303\274\nBcc: x@y"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct completion c = plain;
		struct span rest;
		struct field f;
		struct mends log;
		struct error err;
		struct buf to;
		int n = 0;

		c.full_name = bad[i];
		buf_init(&to, MIB);
		assert_int_equal(complete("", &c, &to, &log, &err), 0);
		rest = buf_span(&to);
		while (header_next(&rest, &f) && f.name.len > 0)
			n++;
		if (n != 3 || rest.len > 0)
			fail_msg("case %zu: \"%s\"", i, buf_text(&to));
		for (size_t k = 0; k < to.len; k++)
			if (to.at[k] == '\r' && to.at[k + 1] != '\n')
				fail_msg("case %zu: CR alone", i);
		mends_release(&log);
		buf_release(&to);
	}
}

/* Of the same microsecond; by chance the same once in 16 million. */
static void
test_ids_differ(void **state)
{
	struct mends log;
	struct error err;
	struct buf a, b;

	(void)state;
	buf_init(&a, MIB);
	buf_init(&b, MIB);
	assert_int_equal(complete("", &plain, &a, &log, &err), 0);
	mends_release(&log);
	assert_int_equal(complete("", &plain, &b, &log, &err), 0);
	mends_release(&log);
	assert_string_not_equal(buf_text(&a), buf_text(&b));
	buf_release(&a);
	buf_release(&b);
}

/* Appends to what is there; without room it says so. */
static void
test_room(void **state)
{
	struct mends log;
	struct error err;
	struct buf to;

	(void)state;
	buf_init(&to, 300);
	buf_add_text(&to, "before ");
	assert_int_equal(complete("A: b\r\n", &plain, &to, &log, &err), 0);
	assert_true(buf_ok(&to));
	assert_memory_equal(to.at, "before A: b\r\nDate: ", 19);
	buf_release(&to);
	mends_release(&log);
	buf_init(&to, 100);
	complete("A: b\r\n", &plain, &to, &log, &err);
	assert_false(buf_ok(&to));
	buf_release(&to);
	mends_release(&log);
}

/* A line for each mend. */
static void
test_log(void **state)
{
	static const char *const said[] = {"Bcc: removed",
	    "Subject: ", "Date: added", "From: added", "Message-ID: added"};
	struct mends log;
	struct error err;
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	assert_int_equal(complete("Bcc: a@b\r\nSubject: \303\274\r\nX: y\r\n",
			     &plain, &to, &log, &err),
	    0);
	for (size_t i = 0; i < COUNT(said); i++)
		if (strstr(buf_text(&log.lines), said[i]) == NULL)
			fail_msg("no \"%s\" in \"%s\"", said[i],
			    buf_text(&log.lines));
	assert_null(strstr(buf_text(&log.lines), "X:"));
	mends_release(&log);
	buf_release(&to);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char *head, *name;
	} bad[] = {
	    {"From: a@b\r\nFrom: c@d\r\n", "From"},
	    {"Subject: a\r\nsubject: b\r\n", "Subject"},
	    {"From: a@b@c <\r\n", "From"},
	    {NULL, "X-Long"},
	};
	struct buf to, text;

	(void)state;
	buf_init(&to, MIB);
	buf_init(&text, MIB);
	buf_printf(&text, "X-Long: %0999d\r\n", 1);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct mends log;
		struct error err;

		if (complete(bad[i].head ? bad[i].head : buf_text(&text),
			&plain, &to, &log, &err) == 0)
			fail_msg("%s is taken", bad[i].head);
		assert_int_equal(err.kind, ERR_DATA);
		if (strstr(err.text, bad[i].name) == NULL)
			fail_msg("%s: %s", bad[i].name, err.text);
		mends_release(&log);
	}
	buf_release(&text);
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
	    cmocka_unit_test(test_received),
	    cmocka_unit_test(test_full_name_with_line_ends),
	    cmocka_unit_test(test_ids_differ),
	    cmocka_unit_test(test_log),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_room),
	    cmocka_unit_test(test_removes),
	};

	setenv("TZ", "UTC0", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
