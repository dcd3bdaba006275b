/* SPDX-License-Identifier: ISC */
/* Sessions at a time, and who looks for what is new. */
#include "unit.h"

#include "scratch_queue.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "queue/lock.h"
#include "queue/pause.h"
#include "queue/slot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ALICE 1001
#define BOB 1002
#define SHORT 60 /* ms */

static enum slot
watch(uid_t uid, size_t count, int *fd)
{
	return slot_watch(&scratch, "work", uid, count, SHORT, fd);
}

static void
test_as_many_as_there_are(void **state)
{
	int a, b, c, d;

	(void)state;
	assert_false(slot_is_watched(&scratch, "work", ALICE, 1));
	assert_int_equal(watch(ALICE, 2, &a), SLOT_TAKEN);
	assert_true(slot_is_watched(&scratch, "work", ALICE, 1));
	assert_false(slot_is_watched(&scratch, "work", ALICE, 2));
	assert_int_equal(watch(ALICE, 2, &b), SLOT_TAKEN);
	assert_true(slot_is_watched(&scratch, "work", ALICE, 2));
	assert_false(slot_is_watched(&scratch, "work", ALICE, 3));
	assert_false(slot_is_watched(&scratch, "work", ALICE, 0));
	assert_false(slot_is_watched(&scratch, "work", BOB, 1));
	assert_int_equal(watch(ALICE, 2, &c), SLOT_BUSY);
	assert_int_equal(c, -1);
	assert_int_equal(slot_pass(&scratch, "work", ALICE, 2, &c), SLOT_BUSY);
	assert_int_equal(c, -1);
	/* Another user's, and another relay's. */
	assert_int_equal(watch(BOB, 1, &c), SLOT_TAKEN);
	assert_int_equal(
	    slot_watch(&scratch, "home", ALICE, 1, SHORT, &d), SLOT_TAKEN);
	io_close(&d);
	io_close(&a);
	assert_int_equal(watch(ALICE, 2, &a), SLOT_TAKEN);
	assert_int_equal(watch(ALICE, 3, &d), SLOT_TAKEN);
	io_close(&a);
	io_close(&b);
	io_close(&c);
	io_close(&d);
}

/* Who only passes leaves nothing to rely on: so one process waits for its end,
 * and others may rely on that one. */
static void
test_behind_one_who_passes(void **state)
{
	int64_t begin = clock_monotonic_ms();
	int a, b, c;

	(void)state;
	assert_int_equal(slot_pass(&scratch, "work", ALICE, 1, &a), SLOT_TAKEN);
	assert_false(slot_is_watched(&scratch, "work", ALICE, 1));
	assert_int_equal(watch(ALICE, 1, &b), SLOT_TAKEN);
	assert_true(clock_monotonic_ms() - begin >= SHORT);
	assert_int_equal(watch(ALICE, 1, &c), SLOT_BUSY);
	io_close(&b);
	io_close(&a);
	/* With another slot nobody waits. */
	assert_int_equal(slot_pass(&scratch, "work", ALICE, 1, &a), SLOT_TAKEN);
	begin = clock_monotonic_ms();
	assert_int_equal(
	    slot_watch(&scratch, "work", ALICE, 2, 60000, &b), SLOT_TAKEN);
	assert_true(clock_monotonic_ms() - begin < 30000);
	/* And the first one's watch was given back. */
	assert_int_equal(watch(ALICE, 1, &c), SLOT_TAKEN);
	io_close(&a);
	io_close(&b);
	io_close(&c);
}

static void
test_one_flush(void **state)
{
	int a, b;

	(void)state;
	assert_int_equal(slot_flush(&scratch, "work", ALICE, &a), SLOT_TAKEN);
	assert_int_equal(slot_flush(&scratch, "work", ALICE, &b), SLOT_BUSY);
	assert_int_equal(slot_flush(&scratch, "work", BOB, &b), SLOT_TAKEN);
	io_close(&b);
	io_close(&a);
	assert_int_equal(slot_flush(&scratch, "work", ALICE, &a), SLOT_TAKEN);
	io_close(&a);
}

/* What is in the way stops nobody. */
static void
test_not_to_be_had(void **state)
{
	char path[128];
	int fd;

	(void)state;
	snprintf(path, sizeof path, "%s/relays", scratch_path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(watch(ALICE, 2, &fd), SLOT_UNKNOWN);
	assert_int_equal(fd, -1);
	assert_int_equal(
	    slot_pass(&scratch, "work", ALICE, 2, &fd), SLOT_UNKNOWN);
	assert_int_equal(
	    slot_flush(&scratch, "work", ALICE, &fd), SLOT_UNKNOWN);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/relays/work:%d:1", scratch_path, ALICE);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(watch(ALICE, 1, &fd), SLOT_UNKNOWN);
	assert_int_equal(
	    slot_watch(&scratch, "../work", ALICE, 1, 0, &fd), SLOT_UNKNOWN);
}

/* A slot is no pause, and a pause no slot. */
static void
test_beside_pauses(void **state)
{
	const struct pause p = {.failures = 1, .uid = PAUSE_ALL, .why = "no"};
	struct paused *list;
	struct pause found;
	struct error err;
	int fd;

	(void)state;
	assert_int_equal(watch(ALICE, 1, &fd), SLOT_TAKEN);
	assert_int_equal(pause_list(&scratch, &list), 0);
	free(list);
	assert_false(pause_read(&scratch, "work:1001:1", &found));
	assert_int_equal(pause_set(&scratch, "work", &p, &err), 0);
	assert_int_equal(pause_list(&scratch, &list), 1);
	free(list);
	io_close(&fd);
}

static void
test_newer(void **state)
{
	char old[ENTRY_ID_SIZE], new[ENTRY_ID_SIZE], least[ENTRY_ID_SIZE];
	struct queued *list;
	struct error err;
	size_t count;

	(void)state;
	scratch_accept(old);
	usleep(2000);
	id_least(clock_now_us(), least);
	assert_true(id_is_valid(span_of(least)));
	scratch_accept(new);
	assert_int_equal(store_newer(&scratch, least, &list, &count, &err), 0);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].id, new);
	free(list);
	assert_int_equal(store_newer(&scratch, old, &list, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].id, old);
	free(list);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_as_many_as_there_are),
	    TEST(test_behind_one_who_passes),
	    TEST(test_one_flush),
	    TEST(test_not_to_be_had),
	    TEST(test_beside_pauses),
	    TEST(test_newer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
