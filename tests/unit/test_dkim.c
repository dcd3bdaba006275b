/* SPDX-License-Identifier: ISC */
/* What a signature covers must leave as it came. */
#include "unit.h"

#include "message/dkim.h"

#define SIGNATURE                                                 \
	"DKIM-Signature: v=1; a=rsa-sha256; h=From : Subject\r\n" \
	" :Date; bh=x; b=y\r\n"

static const struct {
	const char *before, *after;
	const char *fault; /* the field named; NULL: fine */
} cases[] = {
    {"From: a\r\n", "From: b\r\n", NULL}, /* no signature */
    {SIGNATURE "From: a\r\nX: y\r\n", SIGNATURE "From: a\r\nX: z\r\n", NULL},
    {SIGNATURE "From: a\r\n", SIGNATURE "From: b\r\n", "From"},
    {SIGNATURE "From: a\r\n", SIGNATURE "from: a\r\n", "From"},
    {SIGNATURE "Subject: a\r\n", SIGNATURE, "Subject"},
    /* covered, though it is not there: so that nobody adds it */
    {SIGNATURE "From: a\r\n", SIGNATURE "From: a\r\nDate: b\r\n", "Date"},
    {SIGNATURE "From: a\r\nFrom: a\r\n", SIGNATURE "From: a\r\n", "From"},
    {SIGNATURE "From: a\r\nMessage-ID: <x@y>\r\n",
	SIGNATURE "From: a\r\nMessage-ID: <z@y>\r\n", NULL},
};

static void
test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err = {0};
		int rc = dkim_check(
		    span_of(cases[i].before), span_of(cases[i].after), &err);

		if ((rc == 0) != (cases[i].fault == NULL) ||
		    (rc != 0 && (err.kind != ERR_DATA ||
				    strstr(err.text, cases[i].fault) == NULL)))
			fail_msg("case %zu: %s", i, err.text);
	}
}

static void
test_signed(void **state)
{
	(void)state;
	assert_true(dkim_is_signed(span_of("A: b\r\ndkim-signature: x\r\n")));
	assert_false(dkim_is_signed(span_of("X-DKIM-Signature: x\r\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
