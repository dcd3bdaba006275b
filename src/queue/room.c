/* SPDX-License-Identifier: ISC */
/* What the disk of the queue has left. */
#include "queue/room.h"

#include "base/limits.h"

#include <sys/statvfs.h>
#include <unistd.h>

/* A file system that makes inodes as they are needed may say that it has
 * none at all. */
static int
check_inodes(struct store *s, const struct statvfs *v, fsfilcnt_t floor,
    struct error *err)
{
	if (v->f_files == 0 || v->f_favail >= floor)
		return 0;
	return error_set(err, ERR_TEMPORARY,
	    "%s: disk full: %llu inodes are free, and %llu must stay", s->path,
	    (unsigned long long)v->f_favail, (unsigned long long)floor);
}

int
room_check(struct store *s, uid_t uid, int64_t size, struct error *err)
{
	/* What is left to root and the owner is as good as taken. */
	bool other = uid != 0 && uid != geteuid();
	int64_t reserved = other ? FREE_SPACE_RESERVED : 0;
	struct statvfs v;
	int64_t free;

	if (fstatvfs(s->tmp, &v) != 0)
		return error_errno(err, ERR_TEMPORARY, "%s/tmp", s->path);
	free = (int64_t)v.f_bavail * (int64_t)v.f_frsize - reserved;
	if (free - size < FREE_SPACE_FLOOR)
		return error_set(err, ERR_TEMPORARY,
		    "%s: disk full: %lld MiB are free, and %lld must stay",
		    s->path, (long long)((free + reserved) / MIB),
		    (long long)((FREE_SPACE_FLOOR + reserved) / MIB));
	return check_inodes(
	    s, &v, FREE_INODES_FLOOR + (other ? FREE_INODES_RESERVED : 0), err);
}
