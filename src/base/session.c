/* SPDX-License-Identifier: ISC */
/* Away from the terminal and the descriptors of a caller. */
#include "base/session.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* How long the end of the child may go unseen while somebody else still has
 * its standard error. */
#define LOOK_MS 200

static volatile sig_atomic_t worker;

static void
pass_on(int number)
{
	(void)number;
	kill((pid_t)worker, SIGTERM);
}

static _Noreturn void
end_as(int status)
{
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EX_TEMPFAIL);
}

/* Writes what the child says, until it has ended and all is said. */
static void
carry(int from, pid_t pid)
{
	struct pollfd p = {.fd = from, .events = POLLIN};
	bool ended = false;
	char block[4096];
	ssize_t n = 1;

	while (n > 0) {
		int ready = poll(&p, 1, LOOK_MS);
		siginfo_t info = {0};

		if (ready > 0) {
			n = io_read(from, block, sizeof block);
			if (n > 0 &&
			    io_write(STDERR_FILENO, block, (size_t)n) != 0)
				return;
			continue;
		}
		if (ready == 0 && ended)
			return;
		ended = waitid(P_PID, (id_t)pid, &info,
			    WEXITED | WNOHANG | WNOWAIT) != 0 ||
			info.si_pid == pid;
	}
}

/* The parent from here on: it does nothing but this. */
static _Noreturn void
wait_for(pid_t pid, int said, bool resident)
{
	struct sigaction action = {.sa_handler = pass_on};
	int status = 0;

	worker = pid;
	if (sigaction(SIGTERM, &action, NULL) != 0 ||
	    (resident && (sigaction(SIGINT, &action, NULL) != 0 ||
			     sigaction(SIGHUP, &action, NULL) != 0)))
		_exit(EX_OSERR);
	if (said >= 0)
		carry(said, pid);
	/* It must not find its way out blocked. */
	io_close(&said);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			_exit(EX_OSERR);
	end_as(status);
}

static bool
is_heard(void)
{
	struct stat st;

	return fstat(STDERR_FILENO, &st) != 0 || !S_ISCHR(st.st_mode) ||
	       st.st_rdev != makedev(1, 3); /* /dev/null */
}

static int
fork_away(bool apart, bool resident, struct error *err)
{
	int fd[2] = {-1, -1};
	pid_t pid;

	if (apart && pipe2(fd, O_CLOEXEC | O_NONBLOCK) != 0)
		return error_errno(err, ERR_TEMPORARY, "cannot make a pipe");
	pid = fork();
	if (pid > 0) {
		io_close(&fd[1]);
		wait_for(pid, fd[0], resident);
	}
	io_close(&fd[0]);
	if (pid < 0)
		error_errno(err, ERR_TEMPORARY, "cannot start a process");
	else if (apart && dup2(fd[1], STDERR_FILENO) < 0)
		pid = error_errno(err, ERR_TEMPORARY, "standard error");
	io_close(&fd[1]);
	return pid;
}

int
session_leave(enum leave how, struct error *err)
{
	bool apart = how != LEAVE_SILENT && is_heard();
	bool resident = how == LEAVE_RESIDENT;

	if (!apart && !resident) {
		if (setsid() >= 0)
			return 0;
		if (errno != EPERM)
			return error_errno(
			    err, ERR_TEMPORARY, "cannot leave the session");
	}
	if (fork_away(apart, resident, err) != 0)
		return -1;
	if (setsid() < 0)
		return error_errno(
		    err, ERR_TEMPORARY, "cannot leave the session");
	return 0;
}
