/* SPDX-License-Identifier: ISC */
/* Locks: of open files, and gone with their holder. */
#include "unit.h"

#include "queue/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[] = "/tmp/test_lock.XXXXXX";

static int
open_file(int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static int
make_file(void **state)
{
	int fd = mkostemp(path, O_CLOEXEC);

	(void)state;
	close(fd);
	return fd >= 0 ? 0 : -1;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* Even within one process: two flushes in threads would be two. */
static void
test_one_holder(void **state)
{
	int one = open_file(O_RDWR), two = open_file(O_RDWR);

	(void)state;
	assert_true(lock_try(one));
	assert_false(lock_try(two));
	assert_true(lock_try(one));
	close(one);
	assert_true(lock_try(two));
	close(two);
}

static void
test_asking_takes_nothing(void **state)
{
	int holder = open_file(O_WRONLY), reader = open_file(O_RDONLY);
	int third = open_file(O_WRONLY);

	(void)state;
	assert_false(lock_is_held(reader));
	assert_true(lock_try(holder));
	assert_true(lock_is_held(reader));
	assert_true(lock_is_held(third));
	assert_false(lock_is_held(holder));
	close(holder);
	assert_false(lock_is_held(reader));
	assert_true(lock_try(third));
	close(third);
	close(reader);
}

/* Not so with locks of the process: closing any descriptor frees those. */
static void
test_closing_another_descriptor_frees_nothing(void **state)
{
	int holder = open_file(O_RDWR), other = open_file(O_RDWR);
	int asker = open_file(O_RDWR);

	(void)state;
	assert_true(lock_try(holder));
	close(other);
	assert_true(lock_is_held(asker));
	close(dup(holder));
	assert_false(lock_try(asker));
	close(holder);
	close(asker);
}

static void
test_not_for_reading_only(void **state)
{
	int fd = open_file(O_RDONLY);

	(void)state;
	assert_false(lock_try(fd));
	close(fd);
}

/* Starts a process that has the lock, and returns when it has. */
static pid_t
start_holder(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		int fd = open(path, O_RDWR);

		if (!lock_try(fd) || write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
test_dies_with_its_holder(void **state)
{
	int fd = open_file(O_RDWR);
	pid_t pid = start_holder();

	(void)state;
	assert_true(lock_is_held(fd));
	assert_false(lock_try(fd));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(lock_is_held(fd));
	assert_true(lock_try(fd));
	close(fd);
}

static void
test_no_descriptor(void **state)
{
	(void)state;
	assert_false(lock_try(-1));
	assert_false(lock_is_held(-1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_holder),
	    cmocka_unit_test(test_asking_takes_nothing),
	    cmocka_unit_test(test_closing_another_descriptor_frees_nothing),
	    cmocka_unit_test(test_not_for_reading_only),
	    cmocka_unit_test(test_dies_with_its_holder),
	    cmocka_unit_test(test_no_descriptor),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
