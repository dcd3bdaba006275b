/* SPDX-License-Identifier: ISC */
/* What is said of a certificate, and of a channel that is none. */
#include "unit.h"

#include "delivery/trust.h"

#include <string.h>

/* Bits of gnutls_certificate_status_t, whose header has its one door. */
#define INVALID (1U << 1)
#define UNKNOWN_ISSUER (1U << 6)
#define EXPIRED (1U << 10)

static void
test_explain(void **state)
{
	static const struct {
		unsigned status;
		const char *word;
	} cases[] = {
	    {INVALID | UNKNOWN_ISSUER, "issuer is unknown"},
	    {INVALID | EXPIRED, "expired"},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		trust_explain(cases[i].status, text, sizeof text);
		if (strstr(text, cases[i].word) == NULL ||
		    strstr(text, "NOT trusted") != NULL ||
		    text[strlen(text) - 1] == '.')
			fail_msg("%u: \"%s\"", cases[i].status, text);
	}
	trust_explain(0, text, sizeof text);
	assert_string_equal(text, "");
	/* What does not fit is cut, not written behind the end. */
	memset(text, 'x', sizeof text);
	trust_explain(INVALID | EXPIRED, text, 8);
	assert_int_equal(strlen(text), 7);
}

static void
test_no_session(void **state)
{
	char text[64] = "x";

	(void)state;
	assert_false(trust_describe(NULL, text, sizeof text));
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_explain),
	    cmocka_unit_test(test_no_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
