/* SPDX-License-Identifier: ISC */
/* Folders of the queue. */
#include "queue/folder.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
folder_open(int at, const char *name, bool make, const char *queue_path,
    struct error *err)
{
	const char *slash = at == AT_FDCWD ? "" : "/";
	const char *leaf = at == AT_FDCWD ? "" : name;
	struct stat st;
	int fd;

	if (make && mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return error_errno(err, ERR_TEMPORARY, "%s%s%s: cannot make",
		    queue_path, slash, leaf);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, ERR_TEMPORARY,
		    "%s%s%s: cannot open the queue", queue_path, slash, leaf);
	if (fstat(fd, &st) != 0 || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		io_close(&fd);
		return error_set(err, ERR_TEMPORARY,
		    "%s%s%s: must belong to uid %lu, writable by nobody else",
		    queue_path, slash, leaf, (unsigned long)geteuid());
	}
	return fd;
}

int
folder_make_path(const char *path, struct error *err)
{
	char *copy = strdup(path);
	int rc = 0;

	if (copy == NULL)
		return error_set(err, ERR_TEMPORARY, "out of memory");
	for (char *at = copy + 1; rc == 0; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			rc = error_errno(
			    err, ERR_TEMPORARY, "%s: cannot make", copy);
		if (c == '\0')
			break;
		*at = c;
	}
	free(copy);
	return rc;
}

DIR *
folder_list(int fd)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = own >= 0 ? fdopendir(own) : NULL;

	if (folder == NULL)
		io_close(&own);
	return folder;
}
