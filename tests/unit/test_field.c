/* SPDX-License-Identifier: ISC */
/* Single fields: byte for byte, or mended, or refused by name. */
#include "unit.h"

#include "base/limits.h"
#include "message/field.h"

#include "decode.h"

#define U "\303\274"
#define G "gr" U "n"
#define W "=?utf-8?Q?gr=C3=BCn?="

static int
mend(struct span text, struct buf *to, struct mends *log, struct error *err)
{
	struct span rest = text;
	struct field f;

	*err = (struct error){0};
	buf_clear(to);
	mends_init(log);
	assert_true(header_next(&rest, &f));
	return field_mend(&f, to, log, err);
}

static const struct {
	const char *in, *want; /* NULL: the same */
} cases[] = {
    {"A: b\r\n", NULL},
    {"a :  b \r\n\t c\r\n", NULL},
    {"Subject:\r\n", NULL},
    {"X: =?bad\r\n", NULL},
    {"Subject: " G "\r\n", "Subject: " W "\r\n"},
    {"Subject: a " G " b\r\n", "Subject: a " W " b\r\n"},
    {"Subject: a\r\n " G "\r\n", "Subject: a " W "\r\n"},
    {"Subject: gr\374n\r\n", "Subject: =?iso-8859-1?Q?gr=FCn?=\r\n"},
    {"subject:" G "\r\n", "subject: " W "\r\n"},
    {"X-Any: " G "\r\n", "X-Any: " W "\r\n"},
    {"Content-Disposition: attachment; filename=\"" U ".txt\"\r\n",
	"Content-Disposition: attachment;\r\n "
	"filename*=utf-8''%C3%BC.txt\r\n"},
    {"Content-Disposition: attachment; filename=" U ".txt; size=1\r\n",
	"Content-Disposition: attachment;\r\n "
	"filename*=utf-8''%C3%BC.txt; size=1\r\n"},
    {"Content-Type: a/b; name=\"a;" U "\"; x=y\r\n",
	"Content-Type: a/b;\r\n name*=utf-8''a%3B%C3%BC; x=y\r\n"},
    {"Content-Type: a/b; name=\"\374\"\r\n",
	"Content-Type: a/b;\r\n name*=iso-8859-1''%FC\r\n"},
    {"Content-Type: a/b (" G "); x=y\r\n", "Content-Type: a/b; x=y\r\n"},
    {"Content-Type: multipart/mixed (" G "; boundary=b\r\n",
	"Content-Type: application/octet-stream\r\n"},
    {"Content-Type:; " G "=x\r\n", "Content-Type: text/plain\r\n"},
    {"Content-Disposition:; " G "\r\n", "Content-Disposition: attachment\r\n"},
    {"Content-Type: (" G ")\r\n", "Content-Type: text/plain\r\n"},
    {"Content-Type: a/" G "; x=y\r\n",
	"Content-Type: application/octet-stream; x=y\r\n"},
    {"Content-Disposition: " G "\r\n", "Content-Disposition: attachment\r\n"},
    {"references: <a@b>\r\n (" G ")\r\n", "references: <a@b> \r\n"},
    {"References: " G " <a@b>\r\n", "X-Original-References: " W " <a@b>\r\n"},
    {"Date: Sat, 21 Nov 2026 19:25 GMT (" G ")\r\n",
	"Date: 21 Nov 2026 19:25 GMT\r\n"},
    {"Date: " G "\r\n", "X-Original-Date: " W "\r\n"},
    {"MIME-Version: 1.0 (" G ")\r\n", "MIME-Version: 1.0\r\n"},
    {"Content-Transfer-Encoding: " G "\r\n",
	"X-Original-Content-Transfer-Encoding: " W "\r\n"},
};

static void
test_cases(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 8 * MIB);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *want = cases[i].want ? cases[i].want : cases[i].in;
		struct mends log;
		struct error err;

		if (mend(span_of(cases[i].in), &to, &log, &err) != 0)
			fail_msg("\"%s\": %s", cases[i].in, err.text);
		if (strcmp(buf_text(&to), want) != 0)
			fail_msg("\"%s\" becomes \"%s\"", cases[i].in,
			    buf_text(&to));
		if ((log.lines.len > 0) != (cases[i].want != NULL))
			fail_msg("\"%s\": \"%s\"", cases[i].in,
			    buf_text(&log.lines));
		mends_release(&log);
	}
	buf_release(&to);
}

/* Address fields: names are encoded, addresses are not. */
static void
test_address_fields(void **state)
{
	static const char *const names[] = {
	    "From", "TO", "cc", "Reply-To", "Sender", "Resent-To"};
	struct buf in, to, want;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&to, MIB);
	buf_init(&want, MIB);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct mends log;
		struct error err;

		buf_clear(&in);
		buf_printf(&in, "%s: " G " <" U "@b>\r\n", names[i]);
		assert_int_equal(mend(buf_span(&in), &to, &log, &err), 0);
		buf_clear(&want);
		buf_printf(&want, W " <" U "@b>\r\n");
		if (strstr(buf_text(&to), buf_text(&want)) == NULL ||
		    !span_starts_nocase(buf_span(&to), names[i]))
			fail_msg("\"%s\"", buf_text(&to));
		mends_release(&log);
	}
	buf_release(&in);
	buf_release(&to);
	buf_release(&want);
}

static size_t
longest_line(const struct buf *text)
{
	struct span rest = buf_span(text), line;
	size_t longest = 0;

	while (span_cut(&rest, '\n', &line))
		if (line.len > longest)
			longest = line.len;
	return longest - 1; /* CR */
}

/* Folding adds CRLF before blanks, and nothing else. */
static void
test_fold(void **state)
{
	static const size_t words[] = {1, 5, 60, 77, 78, 79, 200, 900};
	struct buf in, to, a, b;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&to, MIB);
	buf_init(&a, MIB);
	buf_init(&b, MIB);
	for (size_t i = 0; i < COUNT(words); i++) {
		struct mends log;
		struct error err;

		buf_clear(&in), buf_clear(&a), buf_clear(&b);
		buf_add_text(&in, "References:");
		while (in.len < 3000)
			buf_printf(&in, " %0*d", (int)words[i], 1);
		buf_add_text(&in, "\r\n");
		if (mend(buf_span(&in), &to, &log, &err) != 0)
			fail_msg("words of %zu: %s", words[i], err.text);
		header_unfold(buf_span(&in), &a);
		header_unfold(buf_span(&to), &b);
		if (!span_same(buf_span(&a), buf_span(&b)))
			fail_msg("words of %zu: changed", words[i]);
		if (longest_line(&to) > TEXT_LINE_MAX)
			fail_msg(
			    "words of %zu: %zu", words[i], longest_line(&to));
		mends_release(&log);
	}
	buf_release(&in);
	buf_release(&to);
	buf_release(&a);
	buf_release(&b);
}

/* At 998 nothing is done; over it a line without blanks is refused. */
static void
test_ceiling(void **state)
{
	struct buf in, to;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&to, MIB);
	for (int len = 990; len <= 1000; len++) {
		bool fits = len + 3 <= TEXT_LINE_MAX;
		struct mends log;
		struct error err;
		int rc;

		buf_clear(&in);
		buf_printf(&in, "Xy:%0*d\r\n", len, 1);
		rc = mend(buf_span(&in), &to, &log, &err);
		if (rc != (fits ? 0 : -1))
			fail_msg("%d: %d", len, rc);
		if (fits)
			assert_true(span_same(buf_span(&to), buf_span(&in)));
		else if (err.kind != ERR_DATA || strstr(err.text, "Xy") == NULL)
			fail_msg("%d: %s", len, err.text);
		mends_release(&log);
	}
	buf_release(&in);
	buf_release(&to);
}

/* It stands in the body too, and would have to be changed there. */
static void
test_boundary_beyond_ascii(void **state)
{
	static const char *const bad[] = {"boundary=b\377",
	    "boundary=\"" U "\"", "boundary*=us-ascii''b\377"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct mends log;
		struct error err;
		struct buf in, to;

		buf_init(&in, MIB);
		buf_init(&to, MIB);
		buf_printf(
		    &in, "Content-Type: multipart/mixed; %s\r\n", bad[i]);
		assert_int_equal(mend(buf_span(&in), &to, &log, &err), -1);
		assert_int_equal(err.kind, ERR_DATA);
		assert_non_null(strstr(err.text, "boundary"));
		mends_release(&log);
		buf_release(&in);
		buf_release(&to);
	}
}

/* Whatever the bytes: no field of its own, ASCII, no line over 998. */
static void
test_random(void **state)
{
	static const char *const names[] = {
	    "Subject", "To", "Content-Type", "Content-Disposition"};
	static const char *const pieces[] = {"a", " ", "\"", ";", "x=", "<",
	    ">", ",", "(", ")", "\\", ":", "@", "\r\n ", "\r\n\t", U, "\377",
	    "\001", "=?", "?="};
	unsigned seed = 1;
	struct buf in, to;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&to, MIB);
	for (int round = 0; round < 20000; round++) {
		const char *name = names[round % 4];
		struct span rest;
		struct mends log;
		struct error err;
		struct field f;

		buf_clear(&in);
		buf_printf(&in, "%s: ", name);
		for (unsigned n = next_random(&seed) % 60; n > 0; n--)
			buf_add_text(
			    &in, pieces[next_random(&seed) % COUNT(pieces)]);
		buf_add_text(&in, "x\r\n");
		assert_int_equal(mend(buf_span(&in), &to, &log, &err), 0);
		rest = buf_span(&to);
		if (!header_next(&rest, &f) || rest.len > 0 ||
		    !span_is(f.name, name) || longest_line(&to) > TEXT_LINE_MAX)
			fail_msg("\"%s\" becomes \"%s\"", buf_text(&in),
			    buf_text(&to));
		for (size_t i = 0; i < to.len; i++)
			if ((round % 4 != 1 && to.at[i] < 0) ||
			    (to.at[i] == '\r') !=
				(i + 1 < to.len && to.at[i + 1] == '\n'))
				fail_msg("\"%s\" becomes \"%s\"", buf_text(&in),
				    buf_text(&to));
		mends_release(&log);
	}
	buf_release(&in);
	buf_release(&to);
}

static const struct {
	struct span text;
	bool want;
} needs[] = {{{"A: b\r\n", 6}, false}, {{"A: b\r\n\tc\r\n", 10}, false},
    {{"A: " U "\r\n", 7}, true}, {{"A: \001\r\n", 6}, true},
    {{"A: \177\r\n", 6}, true}, {{"A: a\0b\r\n", 8}, true}};

static void
test_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(needs); i++) {
		struct span rest = needs[i].text;
		struct field f;

		assert_true(header_next(&rest, &f));
		if (field_needs_mending(&f) != needs[i].want)
			fail_msg("case %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_address_fields),
	    cmocka_unit_test(test_fold),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_boundary_beyond_ascii),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
