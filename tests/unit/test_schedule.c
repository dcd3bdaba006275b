/* SPDX-License-Identifier: ISC */
/* The times of the next attempt, at both ends of chance. */
#include "unit.h"

#include "queue/schedule.h"
#include "queue/store.h"

#include <limits.h>

#define NOW ((time_t)1795289101)
#define MINUTE ((time_t)60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MANY_CHANCES 100000

static struct schedule schedule;

static int
make(void **state)
{
	(void)state;
	schedule_init(&schedule);
	return 0;
}

static const struct {
	unsigned attempts;
	time_t wait;
} cases[] = {
    {1, MINUTE},
    {2, 5 * MINUTE},
    {3, 15 * MINUTE},
    {4, HOUR},
    {5, 4 * HOUR},
    {6, 4 * HOUR},
    {100, 4 * HOUR},
    {UINT_MAX, 4 * HOUR},
};

/* The least and the most that chance makes of it. */
static void
range(time_t (*when)(const struct schedule *, unsigned, time_t, uint32_t),
    unsigned attempts, time_t *least, time_t *most)
{
	*least = *most = when(&schedule, attempts, NOW, UINT32_MAX) - NOW;
	for (uint32_t chance = 0; chance < MANY_CHANCES; chance++) {
		time_t wait = when(&schedule, attempts, NOW, chance) - NOW;

		*least = wait < *least ? wait : *least;
		*most = wait > *most ? wait : *most;
	}
}

static void
test_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		time_t least, most;

		range(schedule_next, cases[i].attempts, &least, &most);
		if (least != cases[i].wait)
			fail_msg("after %u attempts: %lld s, not %lld",
			    cases[i].attempts, (long long)least,
			    (long long)cases[i].wait);
		/* By up to a tenth, and all of that tenth is used. */
		assert_int_equal(most, cases[i].wait + cases[i].wait / 10);
	}
}

static void
test_after_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		time_t wait = cases[i].wait;
		time_t least, most;

		range(schedule_after_doubt, cases[i].attempts, &least, &most);
		if (least < 10 * MINUTE)
			fail_msg("after %u attempts: %lld s, in doubt",
			    cases[i].attempts, (long long)least);
		if (wait >= 10 * MINUTE) {
			assert_int_equal(least, wait);
			assert_int_equal(most, wait + wait / 10);
		}
	}
}

static void
test_same_chance_same_time(void **state)
{
	(void)state;
	assert_int_equal(schedule_next(&schedule, 4, NOW, 4711),
	    schedule_next(&schedule, 4, NOW, 4711));
	assert_int_equal(schedule_next(&schedule, 4, NOW + 9, 4711),
	    schedule_next(&schedule, 4, NOW, 4711) + 9);
}

static const struct {
	unsigned failures;
	time_t wait;
} probes[] = {{0, MINUTE}, {1, MINUTE}, {2, 5 * MINUTE}, {3, 15 * MINUTE},
    {4, 15 * MINUTE}, {UINT_MAX, 15 * MINUTE}};

/* At once, and after a limit that takes a while to be over. */
static time_t
probe_soon(const struct schedule *s, unsigned n, time_t now, uint32_t chance)
{
	return schedule_probe(s, n, 0, now, chance);
}

static time_t
probe_late(const struct schedule *s, unsigned n, time_t now, uint32_t chance)
{
	return schedule_probe(s, n, HOUR, now, chance);
}

static time_t
probe_too_late(
    const struct schedule *s, unsigned n, time_t now, uint32_t chance)
{
	return schedule_probe(s, n, 9 * HOUR, now, chance);
}

static void
test_probe(void **state)
{
	time_t least, most;

	(void)state;
	for (size_t i = 0; i < COUNT(probes); i++) {
		range(probe_soon, probes[i].failures, &least, &most);
		assert_int_equal(least, probes[i].wait);
		assert_int_equal(most, probes[i].wait + probes[i].wait / 10);
		range(probe_late, probes[i].failures, &least, &most);
		assert_int_equal(least, HOUR);
		assert_int_equal(most, HOUR + HOUR / 10);
	}
	/* Also for the host that waits longest. */
	for (schedule.host = 0; schedule.host < 400; schedule.host += 3) {
		range(probe_too_late, 9, &least, &most);
		assert_true(most < SCHEDULE_PAUSE_MAX);
	}
}

/* One host always waits the same for the same chance, hosts differ, and no
 * wait is longer than a fifth over its base. */
static void
test_hosts(void **state)
{
	size_t differ = 0;

	(void)state;
	for (char c = 'a'; c <= 'z'; c++) {
		time_t wait;

		schedule.host = schedule_host(span(&c, 1));
		assert_int_equal(schedule.host, schedule_host(span(&c, 1)));
		wait = schedule_next(&schedule, 5, NOW, 0) - NOW;
		assert_in_range(wait, 4 * HOUR, 4 * HOUR + 24 * MINUTE);
		differ += wait != schedule_next(&schedule, 5, NOW, 0) - NOW ||
			  wait != 4 * HOUR;
		wait = schedule_next(&schedule, 5, NOW, UINT32_MAX) - NOW;
		assert_true(wait <= 4 * HOUR + 48 * MINUTE);
	}
	assert_true(differ > 20);
}

static void
test_own_list(void **state)
{
	(void)state;
	schedule.retry[0] = 30;
	schedule.retry[1] = 2 * DAY;
	schedule.retry_count = 2;
	assert_int_equal(schedule_next(&schedule, 1, NOW, 0), NOW + 30);
	assert_int_equal(schedule_next(&schedule, 2, NOW, 0), NOW + 2 * DAY);
	assert_int_equal(schedule_next(&schedule, 9, NOW, 0), NOW + 2 * DAY);
	assert_int_equal(
	    schedule_after_doubt(&schedule, 1, NOW, 0), NOW + 10 * MINUTE);
}

static void
test_expired(void **state)
{
	static const struct {
		time_t age;
		unsigned attempts;
		bool expired;
	} ages[] = {
	    {5 * DAY, 3, true},
	    {5 * DAY - 1, 3, false},
	    {5 * DAY - 1, 1000, false},
	    /* A clock that was put forward by years. */
	    {5000 * DAY, 2, false},
	    {5000 * DAY, 0, false},
	    {5000 * DAY, 3, true},
	    {0, 3, false},
	    /* Put back: accepted in the future. */
	    {-5000 * DAY, 1000, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ages); i++)
		if (schedule_is_expired(&schedule, NOW - ages[i].age, NOW,
			ages[i].attempts) != ages[i].expired)
			fail_msg("age %lld, %u attempts",
			    (long long)ages[i].age, ages[i].attempts);
	schedule.lifetime = 60;
	assert_true(schedule_is_expired(&schedule, NOW - 60, NOW, 3));
}

static void
test_warning(void **state)
{
	(void)state;
	assert_true(schedule_wants_warning(&schedule, NOW - 4 * HOUR, NOW));
	assert_false(
	    schedule_wants_warning(&schedule, NOW - 4 * HOUR + 1, NOW));
	assert_false(schedule_wants_warning(&schedule, NOW + DAY, NOW));
	schedule.warn_after = 0;
	assert_false(schedule_wants_warning(&schedule, NOW - 40 * DAY, NOW));
}

static void
test_believe(void **state)
{
	time_t next = NOW + 4 * HOUR;

	(void)state;
	assert_int_equal(schedule_believe(next, NOW, NOW), next);
	assert_int_equal(schedule_believe(next, NOW - 9 * DAY, NOW), next);
	/* Clocks that differ a little, as a file server's does. */
	assert_int_equal(schedule_believe(next, NOW + 5 * MINUTE, NOW), next);
	/* Put back by a day since. */
	assert_int_equal(schedule_believe(next + DAY, NOW + DAY, NOW), 0);
	assert_int_equal(schedule_believe(NOW - 9, NOW + DAY, NOW), 0);
	/* What waits for a person waits. */
	assert_int_equal(
	    schedule_believe(STORE_NEVER, NOW + DAY, NOW), STORE_NEVER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_next, make),
	    cmocka_unit_test_setup(test_after_doubt, make),
	    cmocka_unit_test_setup(test_same_chance_same_time, make),
	    cmocka_unit_test_setup(test_probe, make),
	    cmocka_unit_test_setup(test_hosts, make),
	    cmocka_unit_test_setup(test_own_list, make),
	    cmocka_unit_test_setup(test_expired, make),
	    cmocka_unit_test_setup(test_warning, make),
	    cmocka_unit_test_setup(test_believe, make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
