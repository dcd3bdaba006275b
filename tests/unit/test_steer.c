/* SPDX-License-Identifier: ISC */
/* What a person does to one entry. */
#include "unit.h"

#include "scratch_queue.h"

#include "base/clock.h"
#include "queue/lock.h"
#include "queue/look.h"
#include "queue/steer.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum steered
do_to(const char *id, enum steer what, uid_t who)
{
	struct error err = {0};
	enum steered result = steer_one(&scratch, id, what, who, &err);

	assert_int_equal(result == STEER_FAILED, err.kind != ERR_NONE);
	return result;
}

/* Is it held, and when is it due? */
static bool
is_held(const char *id, time_t *next)
{
	struct entry_file f;
	struct error err;
	bool held;

	assert_int_equal(store_entry_open(&scratch, id, &f, &err), OPEN_DONE);
	held = f.entry.held;
	*next = f.next;
	store_entry_close(&f);
	return held;
}

static void
test_hold_and_release(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct buf text;
	struct stat st;
	size_t len;
	time_t next;

	(void)state;
	scratch_accept(id);
	assert_int_equal(do_to(id, STEER_HOLD, STEER_ALL), STEER_DONE);
	assert_true(is_held(id, &next));
	assert_int_equal(next, STORE_NEVER);
	/* Twice is once. */
	buf_init(&text, 64 * KIB);
	scratch_read(id, &text, &st);
	len = text.len;
	assert_int_equal(do_to(id, STEER_HOLD, SCRATCH_UID), STEER_DONE);
	buf_clear(&text);
	scratch_read(id, &text, &st);
	assert_int_equal(text.len, len);
	buf_release(&text);
	assert_int_equal(do_to(id, STEER_RELEASE, SCRATCH_UID), STEER_DONE);
	assert_false(is_held(id, &next));
	assert_true(next <= clock_now());
}

/* What is put off, and not held, waits for its time. */
static void
test_release_hurries_nothing(void **state)
{
	time_t then = clock_now() + 3600, next;
	char id[ENTRY_ID_SIZE];
	struct entry_file f;
	struct error err;

	(void)state;
	scratch_accept(id);
	assert_int_equal(store_entry_open(&scratch, id, &f, &err), OPEN_DONE);
	assert_int_equal(store_entry_defer(&f, then, &err), 0);
	store_entry_close(&f);
	assert_int_equal(do_to(id, STEER_RELEASE, STEER_ALL), STEER_DONE);
	assert_false(is_held(id, &next));
	assert_int_equal(next, then);
}

static void
test_remove(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct error err;

	(void)state;
	scratch_accept(id);
	assert_int_equal(do_to(id, STEER_REMOVE, SCRATCH_UID), STEER_DONE);
	assert_int_equal(scratch_count(), 0);
	assert_true(scratch.removed);
	assert_int_equal(steer_sync(&scratch, &err), 0);
	assert_false(scratch.removed);
	assert_int_equal(do_to(id, STEER_REMOVE, STEER_ALL), STEER_GONE);
}

static void
test_of_somebody_else(void **state)
{
	char id[ENTRY_ID_SIZE];

	(void)state;
	scratch_accept(id);
	for (int what = STEER_HOLD; what <= STEER_REMOVE; what++) {
		assert_int_equal(
		    do_to(id, (enum steer)what, SCRATCH_UID + 1), STEER_GONE);
		assert_int_equal(
		    do_to("../tmp", (enum steer)what, STEER_ALL), STEER_GONE);
	}
	assert_int_equal(scratch_count(), 1);
}

static void
test_busy(void **state)
{
	char id[ENTRY_ID_SIZE];
	int fd;

	(void)state;
	scratch_accept(id);
	fd = openat(scratch.queue, id, O_RDWR);
	assert_true(lock_try(fd));
	assert_int_equal(do_to(id, STEER_REMOVE, STEER_ALL), STEER_BUSY);
	/* Which others do not hear. */
	assert_int_equal(do_to(id, STEER_REMOVE, SCRATCH_UID + 1), STEER_GONE);
	close(fd);
	assert_int_equal(scratch_count(), 1);
}

static void
spoil(const char *id, off_t at, const char *with)
{
	int fd = openat(scratch.queue, id, O_RDWR);

	assert_int_equal(
	    pwrite(fd, with, strlen(with), at), (ssize_t)strlen(with));
	close(fd);
}

static enum error_kind
verify(const char *id)
{
	struct error err = {0};

	look_verify(&scratch, id, &err);
	return err.kind;
}

static void
test_verify(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct buf text;
	struct stat st;

	(void)state;
	scratch_accept(id);
	assert_int_equal(verify(id), ERR_NONE);
	assert_int_equal(verify("0000000000000000000"), ERR_NONE);
	assert_int_equal(do_to(id, STEER_HOLD, STEER_ALL), STEER_DONE);
	assert_int_equal(verify(id), ERR_NONE);
	assert_int_equal(do_to(id, STEER_RELEASE, STEER_ALL), STEER_DONE);
	assert_int_equal(fchmodat(scratch.queue, id, 0644, 0), 0);
	assert_int_equal(verify(id), ERR_DATA);
	assert_int_equal(fchmodat(scratch.queue, id, 0600, 0), 0);
	assert_int_equal(verify(id), ERR_NONE);

	buf_init(&text, 64 * KIB);
	scratch_read(id, &text, &st);
	/* A torn end is none; a record that is not the last is one. */
	spoil(id, (off_t)text.len - 2, "X");
	assert_int_equal(verify(id), ERR_NONE);
	spoil(id, (off_t)text.len - 2,
	    (const char[]){text.at[text.len - 2], '\0'});
	spoil(id,
	    (const char *)memmem(text.at, text.len, "by hand", 7) - text.at,
	    "X");
	assert_int_equal(verify(id), ERR_DATA);
	buf_release(&text);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_hold_and_release),
	    TEST(test_release_hurries_nothing),
	    TEST(test_remove),
	    TEST(test_of_somebody_else),
	    TEST(test_busy),
	    TEST(test_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
