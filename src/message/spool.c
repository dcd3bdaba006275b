/* SPDX-License-Identifier: ISC */
/* A body on its way through the front. */
#include "message/spool.h"

#include "base/io.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
spool_init(struct spool *s)
{
	*s = (struct spool){.fd = -1};
	buf_init(&s->memory, BODY_IN_MEMORY_MAX);
}

void
spool_release(struct spool *s)
{
	buf_release(&s->memory);
	io_close(&s->fd);
}

/* A file that never has a name; where the kernel or the file system cannot,
 * one that loses its name at once. */
static int
open_nameless(const char *folder)
{
	char path[4096];
	int fd;

	fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if (snprintf(path, sizeof path, "%s/pillarbox.XXXXXX", folder) >=
	    (int)sizeof path)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int
open_temporary(struct error *err)
{
	const char *folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};

	for (size_t i = 0; i < 3; i++) {
		int fd = folders[i] && folders[i][0] == '/'
			     ? open_nameless(folders[i])
			     : -1;

		if (fd >= 0)
			return fd;
	}
	return error_errno(err, ERR_TEMPORARY,
	    "no folder for a temporary file (tried TMPDIR, /var/tmp, /tmp)");
}

static int
empty_into_file(struct spool *s, struct error *err)
{
	if (s->fd < 0 && (s->fd = open_temporary(err)) < 0)
		return -1;
	if (io_write(s->fd, s->memory.at, s->memory.len) != 0)
		return error_errno(err, ERR_TEMPORARY, "temporary file");
	buf_clear(&s->memory);
	return 0;
}

int
spool_add(struct spool *s, struct span bytes, struct error *err)
{
	while (bytes.len > 0) {
		size_t n = s->memory.ceiling - s->memory.len;

		if (n == 0) {
			if (empty_into_file(s, err) != 0)
				return -1;
			continue;
		}
		n = n < bytes.len ? n : bytes.len;
		buf_add(&s->memory, bytes.at, n);
		s->size += (int64_t)n;
		bytes = span_from(bytes, n);
	}
	return 0;
}

int
spool_copy(const struct spool *s, int fd, struct error *err)
{
	int64_t in_file = s->size - (int64_t)s->memory.len;
	char block[IO_BLOCK];

	for (int64_t at = 0; at < in_file;) {
		ssize_t n = io_pread(s->fd, block, sizeof block, at);

		if (n <= 0)
			return error_errno(err, ERR_IO, "temporary file");
		if (io_write(fd, block, (size_t)n) != 0)
			return error_errno(err, ERR_IO, "writing the message");
		at += n;
	}
	if (io_write(fd, s->memory.at, s->memory.len) != 0)
		return error_errno(err, ERR_IO, "writing the message");
	return 0;
}
