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
		const char *remedy;
	} cases[] = {
	    {INVALID | UNKNOWN_ISSUER, "issuer is unknown", "tls-ca-file"},
	    {INVALID | EXPIRED, "expired", "clock"},
	};
	struct doubt d;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		trust_explain(cases[i].status, &d);
		if (strstr(d.why, cases[i].word) == NULL ||
		    strstr(d.why, "NOT trusted") != NULL ||
		    d.why[strlen(d.why) - 1] == '.')
			fail_msg("%u: \"%s\"", cases[i].status, d.why);
		if (strstr(d.remedy, cases[i].remedy) == NULL)
			fail_msg("%u: \"%s\"", cases[i].status, d.remedy);
	}
	trust_explain(0, &d);
	assert_string_equal(d.why, "");
	assert_non_null(strstr(d.remedy, "check host"));
	/* All bits at once are cut to fit. */
	trust_explain(UINT32_MAX, &d);
	assert_true(strlen(d.why) < sizeof d.why);
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
