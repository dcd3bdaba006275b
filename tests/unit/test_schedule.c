/* SPDX-License-Identifier: ISC */
/* The times of the next attempt, at both ends of chance. */
#include "unit.h"

#include "queue/schedule.h"

#include <limits.h>

#define NOW ((time_t)1795289101)
#define MINUTE ((time_t)60)
#define HOUR (60 * MINUTE)
#define MANY_CHANCES 100000

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
range(time_t (*when)(unsigned, time_t, uint32_t), unsigned attempts,
    time_t *least, time_t *most)
{
	*least = *most = when(attempts, NOW, UINT32_MAX) - NOW;
	for (uint32_t chance = 0; chance < MANY_CHANCES; chance++) {
		time_t wait = when(attempts, NOW, chance) - NOW;

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
	assert_int_equal(
	    schedule_next(4, NOW, 4711), schedule_next(4, NOW, 4711));
	assert_int_equal(
	    schedule_next(4, NOW + 9, 4711), schedule_next(4, NOW, 4711) + 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_next),
	    cmocka_unit_test(test_after_doubt),
	    cmocka_unit_test(test_same_chance_same_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
