/* SPDX-License-Identifier: ISC */
/* Copies of this process. */
#include "crew.h"

#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define POLL_MS 20

/* A copy. Nobody but the process that made it has the other end of the pipe:
 * that is seen to break, however that one ends. */
static _Noreturn void
run(struct crew *crew, const int fd[2], void (*work)(void *), void *context)
{
	char go;

	close(fd[1]);
	crew->hold = fd[0];
	crew->count = 0;
	if (io_read(crew->hold, &go, 1) == 1)
		work(context);
	_exit(EX_OK);
}

void
crew_begin(struct crew *crew, size_t count, void (*work)(void *), void *context)
{
	int fd[2];

	*crew = (struct crew){.hold = -1};
	if (count == 0 || pipe2(fd, O_CLOEXEC) != 0)
		return;
	while (crew->count < count && crew->count < CREW_MAX) {
		pid_t pid = fork();

		if (pid == 0)
			run(crew, fd, work, context);
		if (pid < 0)
			break;
		crew->pid[crew->count++] = pid;
	}
	io_close(&fd[0]);
	crew->hold = fd[1];
}

void
crew_go(struct crew *crew)
{
	static const char go[CREW_MAX];

	if (crew->gone || crew->count == 0)
		return;
	crew->gone = true;
	/* Those who have gone already do not read it, and are not missed. */
	io_write(crew->hold, go, crew->count);
}

bool
crew_is_over(struct crew *crew)
{
	struct pollfd p = {.fd = crew->hold};

	crew->over = crew->over || poll(&p, 1, 0) > 0;
	return crew->over;
}

static void
wait_for(struct crew *crew, int flags)
{
	size_t left = 0;

	for (size_t i = 0; i < crew->count; i++) {
		pid_t pid;

		do
			pid = waitpid(crew->pid[i], NULL, flags);
		while (pid < 0 && errno == EINTR);
		if (pid == 0)
			crew->pid[left++] = crew->pid[i];
	}
	crew->count = left;
}

bool
crew_nap(struct crew *crew)
{
	wait_for(crew, WNOHANG);
	if (crew->count > 0)
		clock_nap(POLL_MS);
	return crew->count == 0;
}

void
crew_end(struct crew *crew)
{
	io_close(&crew->hold);
	wait_for(crew, 0);
	*crew = (struct crew){.hold = -1};
}
