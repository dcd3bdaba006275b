/* SPDX-License-Identifier: ISC */
/* CRC-32: the published check values, and that any one bit changes it. */
#include "unit.h"

#include "base/checksum.h"

static const struct {
	const char *text;
	uint32_t want;
} cases[] = {
    {"", 0},
    {"a", 0xe8b7be43},
    {"abc", 0x352441c2},
    {"123456789", 0xcbf43926}, /* the check value of CRC-32/ISO-HDLC */
    {"The quick brown fox jumps over the lazy dog", 0x414fa339},
};

static void
test_known_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (checksum(span_of(cases[i].text)) != cases[i].want)
			fail_msg("\"%s\"", cases[i].text);
	assert_int_equal(checksum(span("\0\0\0\0", 4)), 0x2144df1c);
}

static void
test_every_bit_counts(void **state)
{
	char record[] = "2026-11-21T19:25:01Z deferred 0 work 450 later";
	struct span s = span(record, sizeof record - 1);
	uint32_t whole = checksum(s);

	(void)state;
	for (size_t bit = 0; bit < s.len * 8; bit++) {
		record[bit / 8] = (char)(record[bit / 8] ^ 1 << bit % 8);
		if (checksum(s) == whole)
			fail_msg("bit %zu goes unseen", bit);
		record[bit / 8] = (char)(record[bit / 8] ^ 1 << bit % 8);
	}
	assert_int_equal(checksum(s), whole);
	for (size_t len = 0; len < s.len; len++)
		if (checksum(span(record, len)) == whole)
			fail_msg("cut to %zu goes unseen", len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_values),
	    cmocka_unit_test(test_every_bit_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
