/* SPDX-License-Identifier: ISC */
/* Two at work. */
#include "second.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static bool
has_two_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 &&
	       CPU_COUNT(&set) > 1;
}

static _Noreturn void
run(int to, void (*work)(void *), void *context)
{
	if (dup2(to, STDOUT_FILENO) < 0)
		_exit(EX_OSERR);
	work(context);
	_exit(fflush(stdout) == 0 ? EX_OK : EX_IOERR);
}

bool
second_begin(struct second *s, void (*work)(void *), void *context)
{
	int fd[2];

	*s = (struct second){.pid = -1};
	if (!has_two_processors() || pipe2(fd, O_CLOEXEC) != 0)
		return false;
	s->from = fdopen(fd[0], "r");
	if (s->from != NULL)
		s->pid = fork();
	if (s->pid == 0)
		run(fd[1], work, context);
	io_close(&fd[1]);
	if (s->pid > 0)
		return true;
	if (s->from != NULL)
		fclose(s->from);
	else
		io_close(&fd[0]);
	return false;
}

bool
second_pass(struct second *s, size_t len)
{
	char block[4096];

	while (len > 0) {
		size_t n = len < sizeof block ? len : sizeof block;

		if (fread(block, 1, n, s->from) != n)
			return false;
		fwrite(block, 1, n, stdout);
		len -= n;
	}
	return true;
}

void
second_end(struct second *s)
{
	fclose(s->from);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
