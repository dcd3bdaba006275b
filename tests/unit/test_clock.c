/* SPDX-License-Identifier: ISC */
/* Time, in the forms we write it in, and read back. */
#include "unit.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define NOW 1795289101 /* 2026-11-21T19:25:01Z, a Saturday */

static void
set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* POSIX zones: the sign is the other way round, west is positive. */
static const struct {
	const char *zone;
	time_t when;
	const char *want;
} local[] = {
    {"UTC0", NOW, "Sat, 21 Nov 2026 19:25:01 +0000"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", NOW, "Sat, 21 Nov 2026 20:25:01 +0100"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1782901501,
	"Wed, 1 Jul 2026 12:25:01 +0200"},
    {"EST5", NOW, "Sat, 21 Nov 2026 14:25:01 -0500"},
    {"NST3:30", NOW, "Sat, 21 Nov 2026 15:55:01 -0330"},
    {"IST-5:30", NOW, "Sun, 22 Nov 2026 00:55:01 +0530"},
    {"XXX0:30", NOW, "Sat, 21 Nov 2026 18:55:01 -0030"},
    {"LINT-14", NOW, "Sun, 22 Nov 2026 09:25:01 +1400"},
    {"UTC0", 0, "Thu, 1 Jan 1970 00:00:00 +0000"},
    {"UTC0", 1709164800, "Thu, 29 Feb 2024 00:00:00 +0000"},
    {"UTC0", 4294967296, "Sun, 7 Feb 2106 06:28:16 +0000"},
    {"UTC0", 253402300799, "Fri, 31 Dec 9999 23:59:59 +0000"},
};

static void
test_rfc5322(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(local); i++) {
		set_zone(local[i].zone);
		clock_rfc5322(local[i].when, text);
		if (strcmp(text, local[i].want) != 0)
			fail_msg("%s: %s, not %s", local[i].zone, text,
			    local[i].want);
	}
	set_zone("UTC0");
}

static void
test_mailq(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	set_zone("EST5");
	clock_mailq(NOW, text);
	assert_string_equal(text, "Sat Nov 21 14:25:01");
	set_zone("UTC0");
	clock_mailq(0, text);
	assert_string_equal(text, "Thu Jan  1 00:00:00");
}

/* As localtime(3) has it, also where an hour is left out or comes twice, and
 * where a zone is off by odd minutes or seconds. */
static void
test_many(void **state)
{
	static const char *const zones[] = {"UTC0",
	    "CET-1CEST,M3.5.0,M10.5.0/3", "NST3:30NDT,M3.2.0,M11.1.0",
	    "XXX0:20", "YYY-0:00:30"};
	char text[CLOCK_TEXT_SIZE], want[CLOCK_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct clock_quarter q = {0};

		set_zone(zones[i]);
		/* From before 1970, in steps that fall into a quarter. */
		for (time_t t = -5000; t < 5000; t += 61) {
			clock_mailq_many(&q, t, text);
			strftime(want, sizeof want, "%a %b %e %H:%M:%S",
			    localtime(&t));
			assert_string_equal(text, want);
		}
		for (time_t t = NOW - 300 * 86400; t < NOW; t += 7 * 61) {
			clock_mailq_many(&q, t, text);
			strftime(want, sizeof want, "%a %b %e %H:%M:%S",
			    localtime(&t));
			assert_string_equal(text, want);
		}
	}
	set_zone("UTC0");
}

/* The names are RFC 5322's whatever the locale of the caller. */
static void
test_all_names(void **state)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	set_zone("UTC0");
	for (int i = 0; i < 7; i++) {
		clock_rfc5322(i * 86400, text);
		assert_memory_equal(text, days + 3 * i, 3);
	}
	for (int i = 0; i < 12; i++) {
		clock_mailq((i * 61 + 29) / 2 * 86400, text);
		assert_memory_equal(text + 4, months + 3 * i, 3);
	}
}

static const struct {
	time_t when;
	const char *text;
} utc[] = {
    {NOW, "2026-11-21T19:25:01Z"},
    {0, "1970-01-01T00:00:00Z"},
    {1709164800, "2024-02-29T00:00:00Z"},
    {2147483648, "2038-01-19T03:14:08Z"},
    {253402300799, "9999-12-31T23:59:59Z"},
};

static void
test_utc_and_back(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	set_zone("EST5"); /* must not matter */
	for (size_t i = 0; i < COUNT(utc); i++) {
		clock_utc(utc[i].when, text);
		assert_string_equal(text, utc[i].text);
		if (clock_parse_utc(span_of(text)) != utc[i].when)
			fail_msg("%s does not come back", text);
	}
	set_zone("UTC0");
}

static const char *const not_utc[] = {"", "2026", "2026-11-21",
    "2026-11-21T19:25:01", "2026-11-21T19:25:01Z ", " 2026-11-21T19:25:01Z",
    "2026-11-21T19:25:01+", "2026-11-21 19:25:01Z", "2026-11-21t19:25:01Z",
    "2026-11-21T19:25:01z", "2026/11/21T19:25:01Z", "26-11-21T19:25:01Z",
    "2026-1-21T19:25:01Z", "2026-11-21T1:25:01Z", "02026-11-21T19:25:01Z",
    "2026-00-21T19:25:01Z", "2026-13-21T19:25:01Z", "2026-11-00T19:25:01Z",
    "2026-11-32T19:25:01Z", "2026-11-21T24:25:01Z", "2026-11-21T19:60:01Z",
    "2026-11-21T19:25:61Z", "-026-11-21T19:25:01Z", "2026-+1-21T19:25:01Z",
    "2026-11-21T19:25: 1Z", "20x6-11-21T19:25:01Z", "2026-11-21T19:25:01.5Z"};

static void
test_what_is_not_utc(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(not_utc); i++)
		if (clock_parse_utc(span_of(not_utc[i])) != -1)
			fail_msg("taken: \"%s\"", not_utc[i]);
	for (size_t n = 0; n < 20; n++)
		assert_int_equal(
		    clock_parse_utc(span("2026-11-21T19:25:01Z", n)), -1);
	assert_int_equal(
	    clock_parse_utc(span("2026-11-21T19:25:01Z\0", 21)), -1);
}

static void
test_every_day_comes_back(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	for (time_t t = 0; t < 253402300799; t += 86400 * 5 + 3601) {
		clock_utc(t, text);
		if (clock_parse_utc(span_of(text)) != t)
			fail_msg("%s does not come back", text);
	}
}

/* Days that no calendar has are nothing that clock_utc() writes. */
static void
test_days_that_are_none(void **state)
{
	static const char *const none[] = {"2026-02-29T00:00:00Z",
	    "2026-02-31T00:00:00Z", "2024-02-30T00:00:00Z",
	    "2026-04-31T00:00:00Z", "2100-02-29T00:00:00Z"};

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		if (clock_parse_utc(span_of(none[i])) != -1)
			fail_msg("taken: \"%s\"", none[i]);
}

static const struct {
	time_t seconds;
	const char *want;
} durations[] = {
    {-5, "0s"},
    {0, "0s"},
    {1, "1s"},
    {59, "59s"},
    {60, "1m"},
    {119, "1m"},
    {3599, "59m"},
    {3600, "1h"},
    {86399, "23h"},
    {86400, "1d"},
    {172799, "1d"},
    {36500 * 86400LL, "36500d"},
};

static void
test_duration(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(durations); i++) {
		clock_duration(durations[i].seconds, text);
		if (strcmp(text, durations[i].want) != 0)
			fail_msg("%s, not %s", text, durations[i].want);
	}
}

static void
test_now(void **state)
{
	time_t before = time(NULL);
	int64_t us = clock_now_us(), ms = clock_monotonic_ms();
	time_t now = clock_now();
	struct timespec pause = {0, 20000000};

	(void)state;
	assert_true(us / 1000000 >= before - 1 && us / 1000000 <= now);
	assert_true(now >= before - 1 && now <= time(NULL) + 1);
	nanosleep(&pause, NULL);
	assert_true(clock_monotonic_ms() - ms >= 19);
	assert_true(clock_monotonic_ms() - ms < 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rfc5322),
	    cmocka_unit_test(test_mailq),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_every_day_comes_back),
	    cmocka_unit_test(test_all_names),
	    cmocka_unit_test(test_utc_and_back),
	    cmocka_unit_test(test_what_is_not_utc),
	    cmocka_unit_test(test_days_that_are_none),
	    cmocka_unit_test(test_duration),
	    cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
