/* SPDX-License-Identifier: ISC */
/* Where entries lie while they are not due, and how they are found there. */
#include "unit.h"

#include "base/clock.h"
#include "queue/place.h"
#include "queue/steer.h"
#include "scratch_entry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define HOUR ((time_t)60 * 60)

/* The folder that an entry is in; -1: it is nowhere. */
static time_t
place_of(const char *id)
{
	time_t not_before = 0;
	int fd = place_open(&scratch, id, O_PATH | O_NOFOLLOW, &not_before);

	if (fd < 0)
		return -1;
	close(fd);
	return not_before;
}

static void
defer(const char *id, time_t next)
{
	struct entry_file f;

	open_entry(id, &f);
	if (store_entry_defer(&f, next, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(f.next, next);
	store_entry_close(&f);
}

static size_t
count_due(time_t when)
{
	struct queued *list;
	size_t count;

	assert_int_equal(store_due(&scratch, when, &list, &count, &err), 0);
	free(list);
	return count;
}

static bool
has_folder(time_t not_before)
{
	char name[PLACE_SIZE];

	place_name(not_before, "", name);
	return scratch_has(scratch.root, name);
}

static void
test_place_for(void **state)
{
	static const struct {
		time_t next, now, want;
	} rows[] = {
	    {0, 9000, 0},
	    {9000, 9000, 0},
	    {9899, 9000, 0},
	    {9900, 9000, 9900},
	    {9900, 9001, 0},
	    {9901, 9001, 9900},
	    {9900, 9900, 0},
	    {10799, 9000, 9900},
	    {9000 + PLACE_AHEAD, 9000, 9000 + PLACE_AHEAD},
	    {9900 + PLACE_AHEAD, 9000, 0},
	    {STORE_NEVER, 9000, STORE_NEVER},
	    {STORE_NEVER + 99999, 9000, STORE_NEVER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (place_for(rows[i].next, rows[i].now) != rows[i].want)
			fail_msg("row %zu", i);
}

static void
test_there_and_back(void **state)
{
	time_t now = clock_now(), then = now + 4 * HOUR;
	struct queued *list;
	char id[ENTRY_ID_SIZE];
	size_t count;

	(void)state;
	scratch_accept(id);
	assert_int_equal(place_of(id), 0);
	defer(id, now + 60);
	assert_int_equal(place_of(id), 0);
	defer(id, then);
	assert_int_equal(place_of(id), then / PLACE_STEP * PLACE_STEP);
	assert_int_equal(count_due(now + 1), 0);
	assert_false(store_is_due(&scratch, now + 1));
	assert_int_equal(count_due(then), 1);
	assert_true(store_is_due(&scratch, then));
	assert_int_equal(count_due(STORE_NEVER - 1), 1);
	assert_int_equal(store_names(&scratch, &list, &count, &err), 0);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].id, id);
	assert_int_equal(list[0].not_before, place_of(id));
	free(list);
	defer(id, now);
	assert_int_equal(place_of(id), 0);
	assert_int_equal(count_due(now + 1), 1);
}

static void
test_held(void **state)
{
	char id[ENTRY_ID_SIZE];

	(void)state;
	scratch_accept(id);
	assert_int_equal(
	    steer_one(&scratch, id, STEER_HOLD, STEER_ALL, &err), STEER_DONE);
	assert_int_equal(place_of(id), STORE_NEVER);
	assert_int_equal(count_due(STORE_NEVER - 1), 0);
	assert_int_equal(
	    steer_one(&scratch, id, STEER_RELEASE, STEER_ALL, &err),
	    STEER_DONE);
	assert_int_equal(place_of(id), 0);
	assert_int_equal(count_due(clock_now() + 1), 1);
}

/* What is released must not stay where nobody looks. */
static void
test_release_where_nothing_can_be_moved(void **state)
{
	char id[ENTRY_ID_SIZE];
	int queue = scratch.queue;

	(void)state;
	scratch_accept(id);
	assert_int_equal(
	    steer_one(&scratch, id, STEER_HOLD, STEER_ALL, &err), STEER_DONE);
	assert_int_equal(
	    renameat(scratch.root, "queue", scratch.root, "other"), 0);
	assert_int_equal(
	    steer_one(&scratch, id, STEER_RELEASE, STEER_ALL, &err),
	    STEER_FAILED);
	assert_int_equal(
	    renameat(scratch.root, "other", scratch.root, "queue"), 0);
	assert_int_equal(place_of(id), STORE_NEVER);
	assert_int_equal(
	    steer_one(&scratch, id, STEER_RELEASE, STEER_ALL, &err),
	    STEER_DONE);
	assert_int_equal(place_of(id), 0);
	assert_int_equal(scratch.queue, queue);
}

static void
test_remove_and_aside(void **state)
{
	char one[ENTRY_ID_SIZE], two[ENTRY_ID_SIZE];

	(void)state;
	scratch_accept(one);
	scratch_accept(two);
	defer(one, clock_now() + HOUR);
	defer(two, STORE_NEVER);
	assert_int_equal(
	    steer_one(&scratch, one, STEER_REMOVE, STEER_ALL, &err),
	    STEER_DONE);
	assert_int_equal(place_of(one), -1);
	assert_true(scratch.removed_later);
	assert_int_equal(steer_sync(&scratch, &err), 0);
	assert_false(scratch.removed_later);
	assert_int_equal(store_entry_aside(&scratch, two, &err), 0);
	assert_true(scratch_has(scratch.corrupt, two));
	assert_int_equal(place_of(two), -1);
	assert_int_equal(store_entry_aside(&scratch, two, &err), -1);
}

/* A flush moved it between our look and our lock; its folder was renamed while
 * we had it. */
static void
test_moved_meanwhile(void **state)
{
	time_t now = clock_now(), not_before;
	char id[ENTRY_ID_SIZE];
	struct entry_file f;

	(void)state;
	scratch_accept(id);
	defer(id, now + HOUR);
	not_before = place_of(id);
	open_entry(id, &f);
	assert_int_equal(f.not_before, not_before);
	assert_int_equal(
	    place_move(&scratch, id, not_before, not_before + PLACE_STEP), 0);
	assert_int_equal(store_entry_remove(&scratch, &f, &err), 0);
	assert_int_equal(place_of(id), -1);
	store_entry_close(&f);
}

static void
test_tidy(void **state)
{
	time_t now = clock_now(), past = now / PLACE_STEP * PLACE_STEP;
	time_t next = past + PLACE_STEP;
	char id[ENTRY_ID_SIZE];

	(void)state;
	scratch_accept(id);
	assert_int_equal(place_move(&scratch, id, 0, next), 0);
	assert_int_equal(place_move(&scratch, id, next, past), 0);
	store_sweep(&scratch);
	assert_true(has_folder(next));
	assert_true(has_folder(past));
	assert_int_equal(place_move(&scratch, id, past, 0), 0);
	store_sweep(&scratch);
	assert_true(has_folder(next));
	assert_false(has_folder(past));
	assert_int_equal(place_of(id), 0);
}

/* The clock was years ahead, and is right again. */
static void
test_far_ahead(void **state)
{
	time_t now = clock_now();
	time_t far = (now + 2 * PLACE_AHEAD) / PLACE_STEP * PLACE_STEP;
	char one[ENTRY_ID_SIZE], two[ENTRY_ID_SIZE];

	(void)state;
	scratch_accept(one);
	scratch_accept(two);
	assert_false(place_is_wrong(&scratch, now));
	assert_int_equal(place_move(&scratch, one, 0, far), 0);
	assert_int_equal(place_move(&scratch, two, 0, far + PLACE_STEP), 0);
	assert_true(place_is_wrong(&scratch, now));
	assert_true(store_is_due(&scratch, now - HOUR));
	assert_int_equal(count_due(now + 1), 0);
	store_sweep(&scratch);
	assert_false(place_is_wrong(&scratch, now));
	assert_int_equal(count_due(now + 1), 2);
	assert_true(place_of(one) > 0 && place_of(one) < now);
	assert_true(place_of(two) > 0 && place_of(two) < now);
	assert_int_not_equal(place_of(one), place_of(two));
}

/* What is no folder of ours is left alone. */
static void
test_strangers(void **state)
{
	char id[ENTRY_ID_SIZE];
	time_t t = 0;

	(void)state;
	scratch_accept(id);
	assert_int_equal(mkdirat(scratch.root, "later", 0700), 0);
	assert_int_equal(mkdirat(scratch.root, "later/x", 0700), 0);
	assert_int_equal(mkdirat(scratch.root, "later/-900", 0700), 0);
	assert_int_equal(
	    mkdirat(scratch.root, "later/99999999999999999999", 0700), 0);
	assert_int_equal(symlinkat("../queue", scratch.root, "later/900"), 0);
	assert_true(place_next(&scratch, STORE_NEVER, &t));
	assert_int_equal(t, 900);
	assert_null(place_list(&scratch, 900));
	assert_false(place_next(&scratch, STORE_NEVER, &t));
	store_sweep(&scratch);
	assert_int_equal(count_due(clock_now() + 1), 1);
	assert_int_equal(place_of(OTHER), -1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_place_for),
	    TEST(test_there_and_back),
	    TEST(test_held),
	    TEST(test_release_where_nothing_can_be_moved),
	    TEST(test_remove_and_aside),
	    TEST(test_moved_meanwhile),
	    TEST(test_tidy),
	    TEST(test_far_ahead),
	    TEST(test_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
