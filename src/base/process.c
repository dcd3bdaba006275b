/* SPDX-License-Identifier: ISC */
/* Starting, and starting others. */
#include "base/process.h"

#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

extern char **environ;

/* How often to look whether a child has ended whose own children keep its
 * stderr open. */
#define LOOK_MS 200

static void
open_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(EX_OSERR);
}

void
process_start(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction normal = {.sa_handler = SIG_DFL};
	sigset_t none;

	open_standard_descriptors();
	/* What else the caller left open is not ours to keep open. */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	/* Those that cannot be set say so, and are left alone. */
	for (int i = 1; i < NSIG; i++)
		sigaction(i, &normal, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	/* Over RLIMIT_FSIZE a write shall fail, not kill. */
	sigaction(SIGXFSZ, &ignore, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(077);
}

/* A pipe whose ends no other child inherits. */
static int
make_pipe(int *ours, int *theirs, bool we_write)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0)
		return -1;
	*ours = fd[we_write ? 1 : 0];
	*theirs = fd[we_write ? 0 : 1];
	return 0;
}

static int
spawn(struct child *c, const char *const argv[], unsigned flags, int in,
    int out, int said)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t ignored, none;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (out >= 0 && (flags & CHILD_SAID) != 0)
		said = out;
	if (said >= 0)
		posix_spawn_file_actions_adddup2(&actions, said, 2);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	/* What a resident process keeps for itself (resident.h). */
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes,
	    (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
		    (flags & CHILD_DETACHED ? POSIX_SPAWN_SETSID : 0) |
		    (flags & CHILD_GROUP ? POSIX_SPAWN_SETPGROUP : 0)));
	for (int fd = 0; (flags & CHILD_DETACHED) && fd <= 2; fd++)
		posix_spawn_file_actions_addopen(
		    &actions, fd, "/dev/null", O_RDWR, 0);
	rc = (flags & CHILD_SEARCH ? posix_spawnp : posix_spawn)(&c->pid,
	    argv[0], &actions, &attributes, (char *const *)(const void *)argv,
	    environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return rc;
}

static void
close_pipes(struct child *c)
{
	io_close(&c->to);
	io_close(&c->from);
	io_close(&c->said);
}

int
child_start(struct child *c, const char *const argv[], unsigned flags,
    struct error *err)
{
	int in = -1, out = -1, said = -1, rc = 0;

	*c = (struct child){.pid = -1,
	    .to = -1,
	    .from = -1,
	    .said = -1,
	    .group = (flags & CHILD_GROUP) != 0};
	if ((flags & CHILD_STDIN) && make_pipe(&c->to, &in, true) != 0)
		rc = errno;
	if ((flags & (CHILD_STDOUT | CHILD_SAID)) && rc == 0 &&
	    make_pipe(&c->from, &out, false) != 0)
		rc = errno;
	if ((flags & CHILD_STDERR) && rc == 0 &&
	    make_pipe(&c->said, &said, false) != 0)
		rc = errno;
	if (rc == 0)
		rc = spawn(c, argv, flags, in, out, said);
	io_close(&in);
	io_close(&out);
	io_close(&said);
	if (rc == 0)
		return 0;
	close_pipes(c);
	errno = rc;
	return error_errno(err,
	    rc == EAGAIN || rc == ENOMEM || rc == EMFILE || rc == ENFILE
		? ERR_TEMPORARY
		: ERR_CONFIG,
	    "%s: cannot start", argv[0]);
}

bool
child_has_ended(const struct child *c)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)c->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) != 0 ||
	       info.si_pid != 0;
}

bool
child_hear_until(struct child *c, int64_t end_ms)
{
	struct pollfd p = {.fd = c->from, .events = POLLIN};
	bool ended = false;
	char block[4096];
	ssize_t n = 1;

	while (n > 0) {
		int64_t left = end_ms - clock_monotonic_ms();
		int ready;

		if (!ended && left <= 0)
			return false;
		ready = poll(&p, 1, (int)(left < LOOK_MS ? left : LOOK_MS));
		if (ready > 0) {
			n = io_read(c->from, block, sizeof block);
			if (n > 0)
				io_write(STDERR_FILENO, block, (size_t)n);
		} else if (ended) {
			break;
		} else {
			ended = child_has_ended(c);
		}
	}
	return true;
}

int
child_wait(struct child *c)
{
	int status = 0;
	pid_t pid;

	close_pipes(c);
	do
		pid = waitpid(c->pid, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid > 0 && WIFSIGNALED(status))
		c->signal = WTERMSIG(status);
	if (pid < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

int
child_wait_until(struct child *c, int64_t end_ms)
{
	bool ended;

	close_pipes(c);
	while (!(ended = child_has_ended(c)) && clock_monotonic_ms() < end_ms)
		clock_nap(5);
	if (!ended)
		kill(c->pid, SIGKILL);
	/* As long as it is not waited for, the group's number is its own. */
	if (c->group)
		kill(-c->pid, SIGKILL);
	return child_wait(c);
}
