/* SPDX-License-Identifier: ISC */
/* How a process begins, whoever called it. */
#include "unit.h"

#include "base/io.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs act in a process of its own; its exit status, or -1. */
static int
apart(void (*act)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
is_null_device(int fd)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat("/dev/null", &b) == 0 &&
	       a.st_rdev == b.st_rdev && S_ISCHR(a.st_mode);
}

static void
start_with_closed_descriptors(void)
{
	close(0);
	close(1);
	close(2);
	process_start();
	for (int fd = 0; fd <= 2; fd++)
		if (!is_null_device(fd))
			_exit(10 + fd);
}

static void
start_with_stderr_closed(void)
{
	int fd[2];

	if (pipe(fd) != 0 || dup2(fd[0], 0) != 0 || dup2(fd[1], 1) != 1)
		_exit(9);
	close(2);
	process_start();
	for (int other = 3; other < 20; other++)
		if (fcntl(other, F_GETFD) != -1)
			_exit(3);
	if (is_null_device(0) || is_null_device(1))
		_exit(1);
	_exit(is_null_device(2) && fcntl(2, F_GETFL) != -1 ? 0 : 2);
}

static void
test_descriptors(void **state)
{
	(void)state;
	assert_int_equal(apart(start_with_closed_descriptors), 0);
	assert_int_equal(apart(start_with_stderr_closed), 0);
}

static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM,
    SIGCHLD, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT};

/* The status tells which signal is not at its default. */
static void
start_with_signals_ignored(void)
{
	struct sigaction act;
	sigset_t all;

	for (size_t i = 0; i < COUNT(signals); i++)
		signal(signals[i], SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	process_start();
	for (size_t i = 0; i < COUNT(signals); i++) {
		sigaction(signals[i], NULL, &act);
		if (act.sa_handler != SIG_DFL)
			_exit(signals[i]);
	}
	sigaction(SIGPIPE, NULL, &act);
	if (act.sa_handler != SIG_IGN)
		_exit(100);
	sigprocmask(SIG_SETMASK, NULL, &all);
	for (size_t i = 0; i < COUNT(signals); i++)
		if (sigismember(&all, signals[i]))
			_exit(101);
}

static void
start_with_umask(void)
{
	umask(0);
	process_start();
	_exit((int)umask(0) == 077 ? 0 : 1);
}

/* LeakSanitizer traces. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static void
guard(void)
{
	struct rlimit limit;

	process_guard();
	if (getrlimit(RLIMIT_CORE, &limit) != 0)
		_exit(2);
	_exit(limit.rlim_cur == 0 && limit.rlim_max == 0 ? 0 : 1);
}

static void
become_caller(void)
{
	struct error err;
	uid_t r, e, s, uid = geteuid() == 0 ? 12345 : getuid();

	/* As root: like a program that is setuid root, called by 12345. */
	if (geteuid() == 0 && setresuid(uid, 0, 0) != 0)
		_exit(9);
	if (process_become_caller(&err) != 0)
		_exit(1);
	getresuid(&r, &e, &s);
	if (r != uid || e != uid || s != uid)
		_exit(2);
	if (!IS_SANITIZED && prctl(PR_GET_DUMPABLE) != 0)
		_exit(4);
	_exit(setuid(0) == 0 ? 3 : 0);
}

/* Like a program that is setuid 12345, called by root. */
static void
become_owner(void)
{
	const struct itimerval soon = {.it_value = {.tv_sec = 1}};
	struct rlimit low = {.rlim_cur = 100, .rlim_max = RLIM_INFINITY};
	uid_t r, e, s, uid = geteuid() == 0 ? 12345 : getuid();
	struct itimerval timer;
	struct error err;
	char cwd[10];

	setenv("TZ", "trap", 1);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (getrlimit(RLIMIT_FSIZE, &low) != 0)
		_exit(8);
	low.rlim_cur = 100;
	if (setrlimit(RLIMIT_FSIZE, &low) != 0 ||
	    (geteuid() == 0 && setresuid(-1U, uid, uid) != 0))
		_exit(9);
	if (process_become_owner(LEAVE_HEARD, &err) != 0)
		_exit(1);
	getresuid(&r, &e, &s);
	if (r != uid || e != uid || s != uid || setuid(0) == 0)
		_exit(2);
	if (getenv("TZ") != NULL || getenv("PATH") == NULL)
		_exit(3);
	getitimer(ITIMER_REAL, &timer);
	getrlimit(RLIMIT_FSIZE, &low);
	if (timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0 ||
	    low.rlim_cur != low.rlim_max)
		_exit(4);
	if (getcwd(cwd, sizeof cwd) == NULL || strcmp(cwd, "/") != 0)
		_exit(5);
	/* Gained rights are used in a session apart from the caller's. */
	if ((process_caller() != uid) != (getsid(0) == getpid()))
		_exit(6);
	if (!IS_SANITIZED && prctl(PR_GET_DUMPABLE) != 0)
		_exit(10);
	process_called_by(77);
	_exit(
	    process_caller() == 77 && process_check_limits(&err) == 0 ? 0 : 7);
}

static void
have_low_limits(void)
{
	struct rlimit low = {.rlim_cur = 20, .rlim_max = 20};
	struct error err;

	process_called_by(geteuid());
	if (setrlimit(RLIMIT_NOFILE, &low) != 0 ||
	    process_check_limits(&err) != 0)
		_exit(1);
	process_called_by(geteuid() + 1);
	if (process_check_limits(&err) == 0 || err.kind != ERR_TEMPORARY ||
	    strstr(err.text, "ulimit -n") == NULL)
		_exit(2);
}

static void
test_start(void **state)
{
	(void)state;
	assert_int_equal(apart(start_with_umask), 0);
	assert_int_equal(apart(guard), 0);
	assert_int_equal(apart(become_caller), 0);
	assert_int_equal(apart(become_owner), 0);
	assert_int_equal(apart(have_low_limits), 0);
}

static void
test_signals(void **state)
{
	int status = apart(start_with_signals_ignored);

	(void)state;
	if (status != 0)
		fail_msg("signal %d (%s) is left as the caller had it", status,
		    strsignal(status));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_descriptors),
	    cmocka_unit_test(test_start),
	    cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
