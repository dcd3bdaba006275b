/* SPDX-License-Identifier: ISC */
/* A copy of this process that outlives it. */
#include "base/behind.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

_Static_assert(BEHIND_MAX <= PIPE_BUF, "an answer is written as a whole");

/* A poll takes no more milliseconds than an int has. */
#define LOOK_MS 60000

/* The first of those to keep that is not less than from. */
static unsigned
next_kept(unsigned from, const int *keep, size_t count)
{
	unsigned next = ~0U;

	for (size_t i = 0; i < count; i++)
		if (keep[i] >= 0 && (unsigned)keep[i] >= from &&
		    (unsigned)keep[i] < next)
			next = (unsigned)keep[i];
	return next;
}

/* Locks go with the last descriptor of a file, and a pipe ends with it. */
static void
close_others(const int *keep, size_t count, int to)
{
	unsigned from = STDERR_FILENO + 1, next, own;

	do {
		own = next_kept(from, &to, 1);
		next = next_kept(from, keep, count);
		next = own < next ? own : next;
		if (next > from)
			close_range(from, next - (next < ~0U), 0);
		from = next + 1;
	} while (next < ~0U);
}

static _Noreturn void
run(behind_work *work, void *context, void *answer, size_t size, int to)
{
	work(context, answer);
	/* Who has gone does not hear it. */
	(void)!io_write(to, answer, size);
	_exit(EX_OK);
}

/* False: it cannot be let go, since what is said to it would not end. */
static bool
let_go(int null, const int *keep, size_t count, int to)
{
	log_choose(LOG_TO_NOTHING, false);
	setsid();
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			return false;
	close_others(keep, count, to);
	return true;
}

static bool
has_said(int from, int64_t end_ms)
{
	struct pollfd p = {.fd = from, .events = POLLIN};

	for (;;) {
		int64_t left = end_ms - clock_monotonic_ms();

		if (left > LOOK_MS)
			left = LOOK_MS;
		if (poll(&p, 1, left > 0 ? (int)left : 0) > 0)
			return true;
		if (left <= 0)
			return false;
	}
}

static enum behind
hear(int from, pid_t pid, void *answer, size_t size, int64_t end_ms)
{
	char block[BEHIND_MAX];

	if (!has_said(from, end_ms))
		return BEHIND_LATE;
	if (io_read(from, block, size) == (ssize_t)size)
		memcpy(answer, block, size);
	/* Nothing but its end comes behind that. */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return BEHIND_DONE;
}

enum behind
behind(behind_work *work, void *context, const int *keep, size_t count,
    void *answer, size_t size, int64_t end_ms)
{
	int fd[2] = {-1, -1}, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	enum behind result = BEHIND_NONE;
	pid_t pid = -1;

	if (null >= 0 && pipe2(fd, O_CLOEXEC) == 0)
		pid = fork();
	if (pid == 0 && let_go(null, keep, count, fd[1]))
		run(work, context, answer, size, fd[1]);
	if (pid == 0)
		_exit(EX_OSERR);
	io_close(&null);
	io_close(&fd[1]);
	if (pid > 0)
		result = hear(fd[0], pid, answer, size, end_ms);
	io_close(&fd[0]);
	return result;
}
