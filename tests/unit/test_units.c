/* SPDX-License-Identifier: ISC */
/* Sizes and durations as people write them, and as they should not. */
#include "unit.h"

#include "base/limits.h"
#include "config/units.h"

#define NONE (-1)
#define MILLION_MILLION 1000000000000

static const struct {
	const char *text;
	int64_t octets, ms;
} cases[] = {
    {"0", 0, 0},
    {"1", 1, 1000},
    {"30", 30, 30000},
    {"007", 7, 7000},
    {"1000", 1000, 1000000},
    {"1k", KIB, NONE},
    {"512K", 512 * KIB, NONE},
    {"50M", 50 * MIB, NONE},
    {"2G", 2048LL * MIB, NONE},
    {"0M", 0, NONE},
    {"15s", NONE, 15000},
    {"10m", NONE, 600000},
    {"4h", NONE, 14400000},
    {"5d", NONE, 432000000},
    {"0s", NONE, 0},
    /* up to a million million, and one over it */
    {"1000000000000", MILLION_MILLION, NONE},
    {"1000000000001", NONE, NONE},
    {"976562500k", MILLION_MILLION, NONE},
    {"976562501k", NONE, NONE},
    {"931G", 931 * 1024LL * MIB, NONE},
    {"932G", NONE, NONE},
    {"1000000000s", NONE, MILLION_MILLION},
    {"1000000001s", NONE, NONE},
    {"11574d", NONE, 11574 * 86400000LL},
    {"11575d", NONE, NONE},
    {"18446744073709551615G", NONE, NONE},
    {"18446744073709551616", NONE, NONE},
    {"99999999999999999999999999999999d", NONE, NONE},
    /* what is none */
    {"", NONE, NONE},
    {"M", NONE, NONE},
    {"s", NONE, NONE},
    {"-1", NONE, NONE},
    {"-1s", NONE, NONE},
    {"+1M", NONE, NONE},
    {" 1M", NONE, NONE},
    {"1 M", NONE, NONE},
    {"1M ", NONE, NONE},
    {"1MB", NONE, NONE},
    {"1MiB", NONE, NONE},
    {"1.5M", NONE, NONE},
    {"1e3", NONE, NONE},
    {"0x10", NONE, NONE},
    {"1g", NONE, NONE},
    {"1T", NONE, NONE},
    {"1S", NONE, NONE},
    {"1w", NONE, NONE},
    {"1min", NONE, NONE},
    {"1m30s", NONE, NONE},
    {"k1", NONE, NONE},
    {"big", NONE, NONE},
    {"1\n", NONE, NONE},
    {"\331\241", NONE, NONE},
};

static void
test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t got = 77;
		bool fine = units_size(cases[i].text, &got);

		if (fine != (cases[i].octets != NONE) ||
		    (fine && got != cases[i].octets))
			fail_msg("\"%s\": %d %lld", cases[i].text, fine,
			    (long long)got);
	}
}

static void
test_durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t got = 77;
		bool fine = units_duration(cases[i].text, &got);
		int64_t want = cases[i].ms;

		if (fine != (want != NONE) || (fine && got != want))
			fail_msg("\"%s\": %d %lld", cases[i].text, fine,
			    (long long)got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
