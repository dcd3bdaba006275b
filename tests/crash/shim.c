/* SPDX-License-Identifier: ISC */
/*
 * Preloaded into our programs (user mode) for what strace cannot do to a call.
 * Each is asked for by a variable of the environment.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))

/* SHIM_SHORT: the most bytes that a write takes. */
static size_t
cut(size_t len)
{
	const char *most = getenv("SHIM_SHORT");
	size_t n = most != NULL ? (size_t)strtoul(most, NULL, 10) : len;

	return len < n ? len : n;
}

ssize_t
write(int fd, const void *from, size_t len)
{
	return NEXT(ssize_t(*)(int, const void *, size_t), "write")(
	    fd, from, cut(len));
}

ssize_t
pwrite(int fd, const void *from, size_t len, off_t at)
{
	return NEXT(ssize_t(*)(int, const void *, size_t, off_t), "pwrite")(
	    fd, from, cut(len), at);
}

/* SHIM_CLOSE: the descriptor is closed, and that is said to have failed. */
int
close(int fd)
{
	int rc = NEXT(int (*)(int), "close")(fd);

	if (rc != 0 || getenv("SHIM_CLOSE") == NULL || fd <= 2)
		return rc;
	errno = EIO;
	return -1;
}

/* SHIM_ROOMY: the disk says that it is nearly empty. */
int
fstatvfs(int fd, struct statvfs *v)
{
	int rc = NEXT(int (*)(int, struct statvfs *), "fstatvfs")(fd, v);

	if (rc == 0 && getenv("SHIM_ROOMY") != NULL)
		v->f_bavail = v->f_bfree = v->f_favail = v->f_ffree =
		    (fsblkcnt_t)1 << 30;
	return rc;
}

/* SHIM_SAME: time stands still, and chance is none, so that all ids are one. */
int
clock_gettime(clockid_t which, struct timespec *t)
{
	const char *same = getenv("SHIM_SAME");

	if (same == NULL || which != CLOCK_REALTIME)
		return NEXT(int (*)(clockid_t, struct timespec *),
		    "clock_gettime")(which, t);
	*t = (struct timespec){.tv_sec = (time_t)strtoll(same, NULL, 10)};
	return 0;
}

ssize_t
getrandom(void *to, size_t len, unsigned flags)
{
	if (getenv("SHIM_SAME") == NULL)
		return NEXT(ssize_t(*)(void *, size_t, unsigned), "getrandom")(
		    to, len, flags);
	memset(to, 0, len);
	return (ssize_t)len;
}
