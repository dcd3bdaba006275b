/* SPDX-License-Identifier: ISC */
/* Which block of Resent- fields is the newest. */
#include "unit.h"

#include "message/resent.h"

static const struct {
	const char *head, *block;
} cases[] = {
    {"", NULL},
    {"From: a@b\r\nTo: c@d\r\n", NULL},
    {"X-Resent-To: a@b\r\n", NULL},
    {"Resent-To: a@b\r\n", "Resent-To: a@b\r\n"},
    {"resent-to: a@b,\r\n c@d\r\nFrom: x\r\n", "resent-to: a@b,\r\n c@d\r\n"},
    {"Received: x\r\nResent-To: a@b\r\nResent-From: c@d\r\nFrom: x\r\n",
	"Resent-To: a@b\r\nResent-From: c@d\r\n"},
    /* a field that is none, and one that was there, begin an older block */
    {"Resent-To: a@b\r\nReceived: x\r\nResent-To: old@b\r\n",
	"Resent-To: a@b\r\n"},
    {"Resent-To: a@b\r\nResent-Cc: c@d\r\nRESENT-TO: old@b\r\n",
	"Resent-To: a@b\r\nResent-Cc: c@d\r\n"},
};

static void
test_block(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span block;
		bool found = resent_block(span_of(cases[i].head), &block);

		if (found != (cases[i].block != NULL) ||
		    (found && !span_is(block, cases[i].block)))
			fail_msg("\"%s\" gives \"%.*s\"", cases[i].head,
			    SPAN_ARG(block));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
