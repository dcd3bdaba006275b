/* SPDX-License-Identifier: ISC */
/* Slices of bytes: trimmed, cut and compared, never beyond their end. */
#include "unit.h"

#include "base/span.h"

static void
test_trim(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	    {"", ""},
	    {" \t\r\n", ""},
	    {"a", "a"},
	    {"\r\n a\tb \r\n", "a\tb"},
	    {"a\v", "a\v"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (!span_is(span_trim(span_of(cases[i].in)), cases[i].want))
			fail_msg("trim \"%s\"", cases[i].in);
	assert_int_equal(span_trim(span("\0 \0", 3)).len, 3);
}

static void
test_cut(void **state)
{
	struct span rest = span_of("a,,b,"), part;

	(void)state;
	assert_true(span_cut(&rest, ',', &part) && span_is(part, "a"));
	assert_true(span_cut(&rest, ',', &part) && span_is(part, ""));
	assert_true(span_cut(&rest, ',', &part) && span_is(part, "b"));
	assert_false(span_cut(&rest, ',', &part));
	rest = span_of("whole");
	assert_true(span_cut(&rest, ',', &part) && span_is(part, "whole"));
	assert_int_equal(rest.len, 0);
}

static void
test_comparisons(void **state)
{
	struct span s = span_of("Subject: x");

	(void)state;
	assert_true(span_is(s, "Subject: x"));
	assert_false(span_is(s, "Subject: "));
	assert_false(span_is(s, "subject: x"));
	assert_false(span_is(span("a\0", 2), "a"));
	assert_true(span_is_nocase(s, "sUBJECT: X"));
	assert_false(span_is_nocase(s, "subject"));
	assert_true(span_starts(s, "") && span_starts(s, "Sub"));
	assert_false(span_starts(s, "sub"));
	assert_true(span_starts_nocase(s, "sub"));
	assert_false(span_starts(span("Su", 2), "Sub"));
	assert_false(span_starts_nocase(span("Su", 2), "Sub"));
	assert_true(span_is(span_from(s, 9), "x"));
	assert_int_equal(span_from(s, s.len).len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trim),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_comparisons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
