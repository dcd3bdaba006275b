/* SPDX-License-Identifier: ISC */
/* Reading and writing whole: signals, short counts, offsets, ceilings. */
#include "unit.h"

#include "base/io.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIG ((size_t)MIB)

/* An open file without a name that holds text. */
static int
file_of(const void *text, size_t len)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	fd = dup(fileno(f));
	fclose(f);
	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, text, len), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static volatile sig_atomic_t alarms;
static int go; /* where the third alarm writes, so that a call may end */

static void
on_alarm(int signal_number)
{
	(void)signal_number;
	if (++alarms == 3 && write(go, "late", 4) != 4)
		_exit(1);
}

/* A signal every 2 ms, without SA_RESTART: calls that wait end with EINTR. */
static void
disturb(bool on)
{
	struct sigaction act = {.sa_handler = on ? on_alarm : SIG_DFL};
	struct itimerval every = {{0, on ? 2000 : 0}, {0, on ? 2000 : 0}};

	if (!on)
		setitimer(ITIMER_REAL, &every, NULL);
	sigaction(SIGALRM, &act, NULL);
	if (on)
		setitimer(ITIMER_REAL, &every, NULL);
}

static void
test_read_is_tried_again(void **state)
{
	char to[8];
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	go = fd[1];
	alarms = 0;
	disturb(true);
	assert_int_equal(io_read(fd[0], to, sizeof to), 4);
	disturb(false);
	assert_true(alarms >= 3);
	assert_memory_equal(to, "late", 4);
	close(fd[1]);
	assert_int_equal(io_read(fd[0], to, sizeof to), 0);
	close(fd[0]);
	assert_int_equal(io_read(fd[0], to, sizeof to), -1);
	assert_int_equal(errno, EBADF);
}

/* When told to go: exit 0 if fd has BIG bytes of the pattern and no more. */
static void
check_pattern(int told, int fd)
{
	size_t got = 0;
	char c[999];
	ssize_t n;

	if (read(told, c, 4) != 4)
		_exit(2);
	while ((n = read(fd, c, sizeof c)) > 0)
		for (ssize_t i = 0; i < n; i++, got++)
			if (c[i] != (char)(got % 251))
				_exit(1);
	_exit(got == BIG ? 0 : 1);
}

/* More than a pipe holds, in the face of signals: nothing lost or doubled. */
static void
test_write_is_whole(void **state)
{
	char *bytes = malloc(BIG);
	int fd[2], told[2], status;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < BIG; i++)
		bytes[i] = (char)(i % 251);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		close(fd[1]);
		check_pattern(told[0], fd[0]);
	}
	close(fd[0]);
	go = told[1];
	alarms = 0;
	disturb(true);
	assert_int_equal(io_write(fd[1], bytes, BIG), 0);
	disturb(false);
	assert_true(alarms >= 3);
	close(fd[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(told[0]);
	close(told[1]);
	free(bytes);
}

static void
test_write_fails(void **state)
{
	int fd[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fd), 0);
	close(fd[0]);
	assert_int_equal(io_write(fd[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	assert_int_equal(io_write(fd[1], "", 0), 0);
	close(fd[1]);
	assert_int_equal(io_pwrite(fd[1], "x", 1, 0), -1);
	assert_int_equal(errno, EBADF);
	fd[0] = open("/dev/full", O_WRONLY);
	if (fd[0] < 0)
		skip();
	assert_int_equal(io_write(fd[0], "x", 1), -1);
	assert_int_equal(errno, ENOSPC);
	close(fd[0]);
}

static void
test_at_offset(void **state)
{
	int fd = file_of("0123456789", 10);
	char to[16] = "";

	(void)state;
	assert_int_equal(io_pread(fd, to, 4, 3), 4);
	assert_memory_equal(to, "3456", 4);
	assert_int_equal(io_pread(fd, to, sizeof to, 8), 2);
	assert_memory_equal(to, "89", 2);
	assert_int_equal(io_pread(fd, to, sizeof to, 10), 0);
	assert_int_equal(io_pread(fd, to, sizeof to, 99), 0);
	assert_int_equal(io_pread(fd, to, 0, 0), 0);
	assert_int_equal(io_pwrite(fd, "ab", 2, 9), 0);
	assert_int_equal(io_pread(fd, to, sizeof to, 0), 11);
	assert_memory_equal(to, "012345678ab", 11);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_equal(io_pread(fd, to, 1, -1), -1);
	assert_int_equal(errno, EINVAL);
	close(fd);
}

/* At the ceiling all is well, one byte over it nothing is used truncated. */
static void
test_read_all(void **state)
{
	static const size_t sizes[] = {
	    0, 1, 4 * KIB - 1, 4 * KIB, 4 * KIB + 1, 300000};
	char *bytes = malloc(300000);

	(void)state;
	memset(bytes, 'x', 300000);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		int fd = file_of(bytes, sizes[i]);
		struct error err = {0};
		struct buf b;

		buf_init(&b, sizes[i]);
		assert_int_equal(io_read_all(fd, &b, "file", &err), 0);
		if (b.len != sizes[i] ||
		    (b.len && memcmp(b.at, bytes, b.len) != 0))
			fail_msg("%zu: got %zu", sizes[i], b.len);
		buf_release(&b);
		if (sizes[i] > 0) {
			buf_init(&b, sizes[i] - 1);
			lseek(fd, 0, SEEK_SET);
			assert_int_equal(io_read_all(fd, &b, "file", &err), -1);
			assert_int_equal(err.kind, ERR_DATA);
			assert_ptr_equal(strstr(err.text, "file"), err.text);
			buf_release(&b);
		}
		close(fd);
	}
	free(bytes);
}

static void
test_read_all_appends(void **state)
{
	struct error err;
	struct buf b;
	int fd = file_of("def", 3);

	(void)state;
	buf_init(&b, 6);
	buf_add_text(&b, "abc");
	assert_int_equal(io_read_all(fd, &b, "file", &err), 0);
	assert_string_equal(buf_text(&b), "abcdef");
	close(fd);
	fd = open("/", O_RDONLY);
	assert_int_equal(io_read_all(fd, &b, "the root", &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_ptr_equal(strstr(err.text, "the root"), err.text);
	assert_non_null(strstr(err.text, strerror(EISDIR)));
	close(fd);
	buf_release(&b);
}

static void
test_close(void **state)
{
	int fd = dup(0), was = fd;

	(void)state;
	errno = ENOSPC;
	io_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fcntl(was, F_GETFD), -1);
	errno = EPERM;
	io_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EPERM);
	fd = was;
	io_close(&fd); /* fails within; nobody hears of it */
	assert_int_equal(errno, EPERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read_is_tried_again),
	    cmocka_unit_test(test_write_is_whole),
	    cmocka_unit_test(test_write_fails),
	    cmocka_unit_test(test_at_offset),
	    cmocka_unit_test(test_read_all),
	    cmocka_unit_test(test_read_all_appends),
	    cmocka_unit_test(test_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
