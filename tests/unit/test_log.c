/* SPDX-License-Identifier: ISC */
/* A log that is there, full, gone or back again; and nobody waits for it. */
#include "unit.h"

#include "base/clock.h"
#include "base/log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Seconds for all of it, so that a log that is waited for is a failure, and
 * no test without an end. */
#define TIME_LIMIT 30

static char path[64];

static int
listen_at(int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	unlink(path);
	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 5), 0);
	return fd;
}

/* The next line without its time; "" when there is none. */
static const char *
next(int fd)
{
	static char line[4096];
	ssize_t n = recv(fd, line, sizeof line - 1, 0);

	line[n > 0 ? n : 0] = '\0';
	return n > 24 ? line + 20 : line;
}

static void
check_next(int fd, const char *text)
{
	char want[200];

	snprintf(want, sizeof want, "test[%ld]: %s", (long)getpid(), text);
	assert_string_equal(next(fd), want);
}

static void
test_written(void **state)
{
	int fd = listen_at(SOCK_DGRAM);
	char line[200];

	(void)state;
	log_open_at("test", path);
	assert_true(log_has_syslog());
	log_info("one %d", 1);
	assert_true(recv(fd, line, sizeof line, MSG_PEEK) > 0);
	/* Facility mail, info; and a time as syslog(3) writes it. */
	assert_memory_equal(line, "<22>", 4);
	assert_int_equal(line[10], ' ');
	assert_int_equal(line[13], ':');
	check_next(fd, "one 1");
	log_warning("two\nlines");
	assert_true(recv(fd, line, sizeof line, MSG_PEEK) > 0);
	assert_memory_equal(line, "<20>", 4);
	check_next(fd, "two\\x0alines");
	logline_end(log_line(false, "ABC"), "status", "sent", "yes");
	log_write();
	check_next(fd, "ABC: status=sent (yes)");
	log_choose(LOG_TO_NOTHING, false);
	log_info("three");
	assert_string_equal(next(fd), "");
	close(fd);
}

static void
test_started_anew(void **state)
{
	int fd = listen_at(SOCK_DGRAM);

	(void)state;
	log_open_at("test", path);
	log_info("one");
	close(fd);
	log_info("two");
	unlink(path);
	log_info("three");
	assert_false(log_has_syslog());
	fd = listen_at(SOCK_DGRAM);
	log_info("four");
	check_next(fd, "four");
	check_next(
	    fd, "lost before this: 2 lines, for which the log had no room");
	assert_string_equal(next(fd), "");
	close(fd);
}

/* It waits once for all lines, and says in the end how many were lost. */
static void
test_full(void **state)
{
	int fd = listen_at(SOCK_DGRAM);
	int64_t begin = clock_monotonic_ms(), took;
	size_t written = 0, lost = 0;

	(void)state;
	log_open_at("test", path);
	for (int i = 0; i < 3000; i++)
		log_info("line %d", i);
	took = clock_monotonic_ms() - begin;
	if (took < LOG_PATIENCE_MS || took > 2 * LOG_PATIENCE_MS)
		fail_msg("%lld ms", (long long)took);
	while (next(fd)[0] != '\0')
		written++;
	assert_true(written > 0 && written < 3000);
	log_info("after");
	check_next(fd, "after");
	assert_int_equal(sscanf(strchr(next(fd), ':'),
			     ": lost before this: %zu lines", &lost),
	    1);
	assert_int_equal(lost, 3000 - written);
	close(fd);
}

static void
test_stream(void **state)
{
	int fd = listen_at(SOCK_STREAM), from;

	(void)state;
	log_open_at("test", path);
	log_info("one");
	from = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(from >= 0);
	/* With the NUL behind it. */
	check_next(from, "one");
	close(from);
	close(fd);
	/* Nor is it a SIGPIPE. */
	log_info("two");
	log_info("three");
}

/* stderr is a pipe that nobody reads, and then one that nobody has. */
static void
test_stderr(void **state)
{
	int saved = dup(STDERR_FILENO), fd[2];
	int64_t begin, took;
	char line[100];
	ssize_t n;

	(void)state;
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_true(dup2(fd[1], STDERR_FILENO) >= 0);
	close(fd[1]);
	log_open_at("test", path);
	log_choose(LOG_TO_STDERR, false);
	assert_true(log_is_stderr());
	begin = clock_monotonic_ms();
	log_info("one");
	n = read(fd[0], line, sizeof line - 1);
	for (int i = 0; i < 20000; i++)
		log_info("line %d", i);
	took = clock_monotonic_ms() - begin;
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	log_info("nobody");
	dup2(saved, STDERR_FILENO);
	close(saved);
	line[n > 0 ? n : 0] = '\0';
	assert_string_equal(line, "test: one\n");
	assert_true(took >= LOG_PATIENCE_MS && took < 3 * LOG_PATIENCE_MS);
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/pillarbox-log-%ld", (long)getpid());
	alarm(TIME_LIMIT);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_written),
	    cmocka_unit_test(test_started_anew),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_stream),
	    cmocka_unit_test(test_stderr),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
