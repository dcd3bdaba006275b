/* SPDX-License-Identifier: ISC */
/* Recipients in a time. */
#include "unit.h"

#include "scratch_queue.h"

#include "base/clock.h"
#include "base/io.h"
#include "queue/lock.h"
#include "queue/rate.h"
#include "queue/slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOW ((time_t)1795289101)
#define DAY 86400

/* Whatever comes when, no time of that length ever has more than the quota. */
static void
test_never_more(void **state)
{
	static const struct quota quotas[] = {
	    {30, 60}, {500, DAY}, {1, 1}, {7, 33}, {3, 3600}};
	static time_t sent[20000];

	(void)state;
	srand(4711);
	for (size_t q = 0; q < COUNT(quotas); q++) {
		struct rate_window w = {.quota = quotas[q]};
		size_t count = 0, first = 0;
		time_t now = NOW;

		for (int i = 0; i < 20000; i++) {
			time_t room;

			rate_age(&w, now);
			room = rate_room(&w, 1, now);
			if (room > now) {
				assert_true(room <= now + 2 * w.quota.seconds);
				now = rand() % 4 ? now + 1 : room;
				continue;
			}
			rate_add(&w, 1, now);
			sent[count++] = now;
			while (sent[first] <= now - w.quota.seconds)
				first++;
			assert_true((int64_t)(count - first) <= w.quota.count);
			now += rand() % 3 ? 0 : rand() % 5;
		}
		assert_true(count > 100);
	}
}

static void
test_room(void **state)
{
	struct rate_window w = {.quota = {10, 64}};

	(void)state;
	assert_true(rate_room(&w, 10, NOW) == NOW);
	/* More than the quota goes when nothing else does. */
	assert_true(rate_room(&w, 11, NOW) == NOW);
	rate_add(&w, 9, NOW);
	assert_true(rate_room(&w, 1, NOW) == NOW);
	assert_true(rate_room(&w, 2, NOW) > NOW + 64 - 1);
	assert_true(rate_room(&w, 2, NOW) <= NOW + 64 + 2);
	rate_age(&w, NOW + 67);
	assert_int_equal(w.part_count, 0);
	/* The clock was put back. */
	rate_add(&w, 9, NOW);
	rate_age(&w, NOW - 1000);
	assert_int_equal(w.part_count, 0);
}

static const struct quota quotas[] = {{5, 3600}, {8, DAY}};

static bool
take(int64_t more, bool force)
{
	size_t full = 99;
	time_t until = 0;
	bool taken =
	    rate_take(&scratch, "work", quotas, 2, more, force, &full, &until);

	if (!taken) {
		assert_true(full < 2);
		assert_true(until > clock_now() + 3000);
	}
	return taken;
}

static void
test_kept(void **state)
{
	(void)state;
	assert_true(take(3, false));
	assert_true(take(2, false));
	assert_false(take(1, false));
	assert_true(take(3, true));
	assert_false(take(1, false));
}

/* What is lost or broken counts as nothing sent. */
static void
test_broken(void **state)
{
	static const char *const texts[] = {"", "x", "pillarbox-rate 1",
	    "pillarbox-rate 2\ntime 3600 5\n", "pillarbox-rate 1\nsent x 1\n",
	    "pillarbox-rate 1\ntime 3600 5\nsent 1 99999999999999999999\n",
	    "pillarbox-rate 1\ntime 3600 5\nsent 5 1\nsent 4 1\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		int fd;

		assert_true(take(5, false) || i == 0);
		assert_false(take(1, false));
		fd = slot_open_file(&scratch, "work", "rate");
		assert_true(fd >= 0);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(io_write(fd, texts[i], strlen(texts[i])), 0);
		close(fd);
	}
	assert_true(take(5, false));
}

/* Whoever has the lock and is frozen is not waited for. */
static void
test_locked(void **state)
{
	int fd = slot_open_file(&scratch, "work", "rate");

	(void)state;
	assert_true(fd >= 0 && lock_try(fd));
	for (int i = 0; i < 3; i++)
		assert_true(take(5, false));
	close(fd);
	assert_true(take(5, false));
	assert_false(take(5, false));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_never_more),
	    cmocka_unit_test(test_room),
	    TEST(test_kept),
	    TEST(test_broken),
	    TEST(test_locked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
