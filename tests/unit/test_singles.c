/* SPDX-License-Identifier: ISC */
/* Fields that may stand once, by what they say. */
#include "unit.h"

#include "base/limits.h"
#include "message/singles.h"

#define DAY "21 Nov 2026 19:25:01 +0000"
#define O "\303\266"

static const struct completion completion = {
    .sender = "alice@example.org",
    .full_name = "",
    .host_name = "host.example.org",
    .domain = "example.org",
};

static const struct {
	const char *in, *want; /* NULL: the same */
} cases[] = {
    {"Date: Sat, " DAY "\r\n", NULL},
    {"Date: " DAY " (CET)\r\n", NULL},
    {"Date: " DAY " (a, b)\r\n", NULL},
    {"Date: yesterday\r\n", "X-Original-Date: yesterday\r\n"},
    /* what is not ASCII is field.c's to leave out, if the rest is a date */
    {"Date: Sat, " DAY " (" O ")\r\n", NULL},
    {"Date: S" O "n, " DAY "\r\n", NULL},
    {"Date: " O " " DAY "\r\n", "X-Original-Date: " O " " DAY "\r\n"},
    {"Message-ID: <a@b>\r\n", NULL},
    {"Message-ID: <a@b> (x) (y)\r\n", NULL},
    {"Message-ID: <a@b> (" O ")\r\n", NULL},
    {"Message-ID: a@b\r\n", "Message-ID: <a@b>\r\n"},
    {"Message-ID: <a@b> (x\r\n", "X-Original-Message-ID: <a@b> (x\r\n"},
    {"Message-ID: a@b (x)\r\n", "X-Original-Message-ID: a@b (x)\r\n"},
    {"Message-ID: <a" O "@b>\r\n", "X-Original-Message-ID: <a" O "@b>\r\n"},
    {"Message-ID: <a@b> <c@d>\r\n", "X-Original-Message-ID: <a@b> <c@d>\r\n"},
    {"Message-ID: (x)\r\n", "X-Original-Message-ID: (x)\r\n"},
    /* others that could not keep their names either */
    {"Resent-Date: " DAY " (" O ")\r\n", NULL},
    {"Resent-Date: " O "\r\n", "X-Original-Resent-Date: " O "\r\n"},
    {"Resent-Message-ID: <" O "@b>\r\n",
	"X-Original-Resent-Message-ID: <" O "@b>\r\n"},
    {"Received: by b (" O "); " DAY "\r\n", NULL},
    {"X-Date: " O "\r\n", NULL},
};

static void
test_cases(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *want = cases[i].want ? cases[i].want : cases[i].in;
		struct mends log;
		struct error err;

		buf_clear(&to);
		mends_init(&log);
		assert_int_equal(singles_apply(span_of(cases[i].in),
				     &completion, &to, &log, &err),
		    0);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
