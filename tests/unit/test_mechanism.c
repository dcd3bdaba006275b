/* SPDX-License-Identifier: ISC */
/* Which mechanism of a login is used. */
#include "unit.h"

#include "base/limits.h"
#include "config/mechanism.h"

#define BIT MECHANISM_BIT

static void
test_choose(void **state)
{
	static const struct {
		unsigned set;
		const char *offered;
		int chosen;
	} cases[] = {
	    {BIT(MECHANISM_PLAIN) | BIT(MECHANISM_LOGIN), "LOGIN PLAIN",
		MECHANISM_PLAIN},
	    {BIT(MECHANISM_PLAIN) | BIT(MECHANISM_LOGIN), "CRAM-MD5 login",
		MECHANISM_LOGIN},
	    {BIT(MECHANISM_PLAIN), "CRAM-MD5 XOAUTH2", -1},
	    {BIT(MECHANISM_PLAIN), "PLAINS PLAI", -1},
	    {BIT(MECHANISM_PLAIN), "", -1},
	    {BIT(MECHANISM_CRAM_MD5) | BIT(MECHANISM_PLAIN), "PLAIN CRAM-MD5",
		MECHANISM_CRAM_MD5},
	    {MECHANISM_ALL_SCRAM | BIT(MECHANISM_PLAIN),
		"PLAIN SCRAM-SHA-256 SCRAM-SHA-1-PLUS",
		MECHANISM_SCRAM_SHA_1_PLUS},
	    {MECHANISM_ALL_SCRAM, "SCRAM-SHA-1  SCRAM-SHA-256 SCRAM-SHA-512",
		MECHANISM_SCRAM_SHA_256},
	    {BIT(MECHANISM_EXTERNAL) | BIT(MECHANISM_PLAIN), "PLAIN EXTERNAL",
		MECHANISM_EXTERNAL},
	    {MECHANISM_ALL_TOKEN, "PLAIN XOAUTH2 OAUTHBEARER",
		MECHANISM_OAUTHBEARER},
	    {MECHANISM_ALL_TOKEN, "PLAIN XOAUTH2", MECHANISM_XOAUTH2},
	    {MECHANISM_ALL_TOKEN, "PLAIN LOGIN", -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    mechanism_choose(cases[i].set &
				     mechanism_set(span_of(cases[i].offered))),
		    cases[i].chosen);
}

static void
test_sets(void **state)
{
	struct buf text;

	(void)state;
	assert_int_equal(mechanism_usual(),
	    mechanism_built() & (MECHANISM_ALL_CLEAR | MECHANISM_ALL_SCRAM));
	assert_true(mechanism_needs_password(mechanism_usual()));
	assert_false(mechanism_needs_password(BIT(MECHANISM_EXTERNAL)));
	assert_false(mechanism_needs_password(MECHANISM_ALL_TOKEN));
	assert_int_equal(mechanism_built() & MECHANISM_ALL_TOKEN, 0);
	buf_init(&text, KIB);
	mechanism_list(MECHANISM_ALL_CLEAR, "AUTH=", ";", &text);
	assert_string_equal(buf_text(&text), "AUTH=PLAIN;AUTH=LOGIN");
	buf_release(&text);
	for (int i = 0; i < MECHANISM_COUNT; i++)
		assert_int_equal(mechanism_find(span_of(mechanism_name(i))), i);
	assert_int_equal(mechanism_find(span_of("")), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_choose),
	    cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
