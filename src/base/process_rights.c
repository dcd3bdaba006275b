/* SPDX-License-Identifier: ISC */
/* Taking on the rights of one side wholly: the caller's, or the owner's. */
#include "base/limits.h"
#include "base/process.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

extern char **environ;

static struct {
	bool noted;
	uid_t uid;
} caller;

uid_t
process_caller(void)
{
	return caller.noted ? caller.uid : getuid();
}

void
process_called_by(uid_t uid)
{
	caller.noted = true;
	caller.uid = uid;
}

bool
process_is_trusted(void)
{
	return process_caller() == 0 || process_caller() == geteuid();
}

static const char *credentials;

const char *
process_credentials(void)
{
	return credentials;
}

/* Before the environment goes, or ids are changed. */
static void
note_credentials(bool trusted)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (trusted && folder != NULL && folder[0] == '/')
		credentials = folder;
}

void
process_guard(void)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		_exit(EX_OSERR);
}

/* All three ids of both kinds; and no way back. */
static int
set_ids(uid_t uid, gid_t gid, struct error *err)
{
	uid_t u[3];
	gid_t g[3];

	if (setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		return error_errno(
		    err, ERR_PERMISSION, "cannot give up privileges");
	if (getresuid(&u[0], &u[1], &u[2]) != 0 ||
	    getresgid(&g[0], &g[1], &g[2]) != 0)
		return error_errno(err, ERR_PERMISSION, "cannot see my ids");
	for (int i = 0; i < 3; i++)
		if (u[i] != uid || g[i] != gid)
			return error_set(
			    err, ERR_PERMISSION, "cannot give up privileges");
	return 0;
}

/* Nobody may trace it, nor have it dumped, not even by a program of the
 * kernel's core_pattern, for which RLIMIT_CORE does not count. LeakSanitizer
 * wants to trace. Behind any change of ids, which sets it as the system likes.
 */
static int
forbid_tracing(struct error *err)
{
#ifndef __SANITIZE_ADDRESS__
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return error_errno(err, ERR_PERMISSION, "cannot hide");
#else
	(void)err;
#endif
	return 0;
}

int
process_become_caller(struct error *err)
{
	process_called_by(getuid());
	note_credentials(true);
	if (set_ids(getuid(), getgid(), err) != 0)
		return -1;
	return forbid_tracing(err);
}

/* Whom the setuid bit names, also where the kernel does not heed it: without
 * new privileges root stays root, and has to step down by itself. */
static void
find_owner(uid_t *uid, gid_t *gid)
{
	struct stat st;

	*uid = geteuid();
	*gid = getegid();
	if (*uid != 0 || stat("/proc/self/exe", &st) != 0 ||
	    (st.st_mode & S_ISUID) == 0)
		return;
	*uid = st.st_uid;
	if ((st.st_mode & S_ISGID) != 0)
		*gid = st.st_gid;
}

/* The caller's other groups go where the system lets us: if it is root. */
static int
drop_groups(struct error *err)
{
	if (getuid() != 0)
		return 0;
	if (seteuid(0) != 0)
		return error_errno(err, ERR_PERMISSION, "cannot drop groups");
	/* A user namespace may forbid it; then they are no host's groups. */
	if (setgroups(0, NULL) != 0 && errno != EPERM)
		return error_errno(err, ERR_PERMISSION, "cannot drop groups");
	return 0;
}

static int
clear_timers(struct error *err)
{
	const struct itimerval off = {{0, 0}, {0, 0}};

	if (setitimer(ITIMER_REAL, &off, NULL) != 0 ||
	    setitimer(ITIMER_VIRTUAL, &off, NULL) != 0 ||
	    setitimer(ITIMER_PROF, &off, NULL) != 0)
		return error_errno(err, ERR_TEMPORARY, "cannot clear timers");
	return 0;
}

/* Up to what the caller cannot give back either. */
static int
raise_limits(struct error *err)
{
	static const int kinds[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_NOFILE,
	    RLIMIT_AS, RLIMIT_DATA, RLIMIT_NPROC};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)kinds[i], &limit) != 0)
			return error_errno(
			    err, ERR_TEMPORARY, "cannot see limits");
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit((__rlimit_resource_t)kinds[i], &limit) != 0)
			return error_errno(
			    err, ERR_TEMPORARY, "cannot raise limits");
	}
	return 0;
}

int
process_become_owner(enum leave how, struct error *err)
{
	static char path[] = "PATH=/usr/bin:/bin";
	static char *fixed[] = {path, NULL};
	uid_t uid;
	gid_t gid;

	process_called_by(getuid());
	note_credentials(getauxval(AT_SECURE) == 0);
	environ = fixed;
	find_owner(&uid, &gid);
	if ((uid != caller.uid && drop_groups(err) != 0) ||
	    set_ids(uid, gid, err) != 0 || forbid_tracing(err) != 0 ||
	    clear_timers(err) != 0 || raise_limits(err) != 0)
		return -1;
	if (chdir("/") != 0)
		return error_errno(err, ERR_TEMPORARY, "cannot enter /");
	return uid != caller.uid ? session_leave(how, err) : 0;
}

int
process_check_limits(struct error *err)
{
	static const struct {
		int kind;
		rlim_t least;
		const char *option;
	} limits[] = {
	    {RLIMIT_CPU, 60, "t"},
	    {RLIMIT_FSIZE, ENTRY_SIZE_MAX, "f"},
	    {RLIMIT_NOFILE, 64, "n"},
	    {RLIMIT_AS, 512 * MIB, "v"},
	    {RLIMIT_DATA, 256 * MIB, "d"},
	    {RLIMIT_STACK, 1 * MIB, "s"},
	    {RLIMIT_NPROC, 16, "u"},
	};

	if (process_caller() == geteuid())
		return 0;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)limits[i].kind, &limit) ==
			0 &&
		    limit.rlim_cur >= limits[i].least)
			continue;
		return error_set(err, ERR_TEMPORARY,
		    "not sent now: a limit of the calling process (ulimit -%s) "
		    "is too low",
		    limits[i].option);
	}
	return 0;
}
