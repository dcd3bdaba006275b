/* SPDX-License-Identifier: ISC */
/* Fields of tokens: what is not ASCII goes if they say the same without. */
#include "unit.h"

#include "base/limits.h"
#include "message/date.h"
#include "message/token.h"

static const struct {
	const char *in, *want; /* NULL: no date */
} dates[] = {
    {" Sat, 21 Nov 2026 19:25:01 +0000", "21 Nov 2026 19:25:01 +0000"},
    {" 21 Nov 2026 19:25 GMT", "21 Nov 2026 19:25 GMT"},
    {" 21 Nov 99 19:25:01 EST", "21 Nov 99 19:25:01 EST"},
    {" Sat,\r\n 21 Nov 2026\r\n 19:25:01\r\n +0000",
	"21 Nov 2026 19:25:01 +0000"},
    {" Sat, 21 Nov 2026 19:25:01 +0000 (Mitteleurop\303\244ische Zeit)",
	"21 Nov 2026 19:25:01 +0000"},
    {" Sat, 21 Nov 2026 19:25:01 +0000(CET)", "21 Nov 2026 19:25:01 +0000"},
    {" Sat, 21 Nov 2026 19:25:01 +0000\t(CET)", "21 Nov 2026 19:25:01 +0000"},
    {" S\303\241b, 21 Nov 2026 19:25:01 +0000", "21 Nov 2026 19:25:01 +0000"},
    {" 21 Nov 2026 19:25:01 +0000 (a, b)", "21 Nov 2026 19:25:01 +0000"},
    {" 21 M\303\244r 2026 19:25:01 +0000", NULL},
    {" 21\vNov 2026 19:25:01 +0000", NULL},
    {" 21 Nov 2026 19:25:01", NULL},
    {" 21 Nov 2026 19:25:01 +00\303\274", NULL},
    {" 21 Nov 2026 19:25:01 +000", NULL},
    {" (\251)", NULL},
    {" Sat,", NULL},
    {" yesterday", NULL},
    {"", NULL},
};

static void
test_dates(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(dates); i++) {
		bool found;

		buf_clear(&to);
		found = date_find(span_of(dates[i].in), &to);
		if (found != (dates[i].want != NULL) ||
		    strcmp(buf_text(&to), found ? dates[i].want : "") != 0)
			fail_msg(
			    "\"%s\" has \"%s\"", dates[i].in, buf_text(&to));
	}
	buf_release(&to);
}

static const struct {
	const char *in, *want; /* NULL: there is more to it */
} fields[] = {
    {"References: <a@b> (\251) <c@d>\r\n", "<a@b>  <c@d>"},
    {"References: <a@b> (x) (\251)\r\n", "<a@b> (x) "},
    {"References:\r\n <a@b>\r\n (\251)\r\n <c@d>\r\n", "<a@b>  <c@d>"},
    {"In-Reply-To: <a(\251@b>\r\n", NULL},
    {"In-Reply-To: <a@b> (\251\r\n", NULL},
    {"In-Reply-To: M\303\274ller <a@b>\r\n", NULL},
    {"Message-ID: (\251)\r\n", NULL},
    {"received: from a (\251 [192.0.2.1]) by b; Sat, 21 Nov 2026 19:25 GMT\r\n",
	"from a  by b; Sat, 21 Nov 2026 19:25 GMT"},
    {"Received: from \251 by b; Sat, 21 Nov 2026 19:25 GMT\r\n", NULL},
    {"Resent-Date: S\303\241b, 21 Nov 2026 19:25 GMT\r\n",
	"21 Nov 2026 19:25 GMT"},
    {"Date: \251 21 Nov 2026 19:25 GMT\r\n", NULL},
    {"MIME-Version: \251\r\n", "1.0"},
    {"Content-Transfer-Encoding: base64 (\251)\r\n", "base64"},
    {"Content-Transfer-Encoding: base64\251\r\n", NULL},
    {"Content-Transfer-Encoding: (\251) base64\r\n", NULL},
};

static void
test_fields(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct span rest = span_of(fields[i].in);
		struct field f;
		bool plain;

		buf_clear(&to);
		assert_true(header_next(&rest, &f));
		assert_true(token_is(f.name));
		plain = token_plain(&f, &to);
		if (plain != (fields[i].want != NULL) ||
		    (plain && strcmp(buf_text(&to), fields[i].want) != 0))
			fail_msg("\"%s\" becomes %d, \"%s\"", fields[i].in,
			    plain, buf_text(&to));
	}
	assert_false(token_is(span_of("Subject")));
	assert_false(token_is(span_of("From")));
	assert_false(token_is(span_of("X-Date")));
	buf_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
