/* SPDX-License-Identifier: ISC */
/* Files with a secret: nobody else may read them. */
#include "config/secret_file.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_private(const struct stat *st, enum secret_rule rule)
{
	bool shared = rule == SECRET_CREDENTIAL ||
		      (st->st_uid == 0 && st->st_gid == getegid());

	return (st->st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) == 0 &&
	       ((st->st_mode & S_IRGRP) == 0 || shared);
}

/* A chmod 600 of root's file would keep it from us, too. */
static int
say_shown(const char *name, const char *path, const struct stat *st,
    struct error *err)
{
	bool own = st->st_uid == 0 || st->st_uid == geteuid();
	const char *why =
	    own ? "others can read it" : "belongs to another user";

	if (st->st_uid == geteuid())
		return error_set(err, ERR_CONFIG,
		    "%s %s: %s; run: chmod 600 %s", name, path, why, path);
	return error_set(err, ERR_CONFIG,
	    "%s %s: %s; run: chown 0:%lu %s; chmod 640 %s", name, path, why,
	    (unsigned long)getegid(), path, path);
}

static int
say_closed(const char *name, const char *path, struct error *err)
{
	bool denied = errno == EACCES;

	error_errno(err, ERR_CONFIG, "%s %s", name, path);
	if (denied)
		error_append(err, " (pillarbox --check says how to mend it)");
	return -1;
}

int
secret_file_open(const char *name, const char *path, enum secret_rule rule,
    struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		say_closed(name, path, err);
	else if (!S_ISREG(st.st_mode))
		error_set(
		    err, ERR_CONFIG, "%s %s: not a plain file", name, path);
	else if (!is_private(&st, rule) ||
		 (st.st_uid != 0 && st.st_uid != geteuid()))
		say_shown(name, path, &st, err);
	else
		return fd;
	io_close(&fd);
	return -1;
}

int
secret_file_read(const char *name, const char *path, enum secret_rule rule,
    struct buf *to, struct error *err)
{
	int fd = secret_file_open(name, path, rule, err);
	int rc = fd >= 0 ? io_read_all(fd, to, path, err) : -1;

	if (rc != 0)
		err->kind = ERR_CONFIG;
	io_close(&fd);
	return rc;
}
