/* SPDX-License-Identifier: ISC */
/* Reading and writing whole. */
#include "base/io.h"

#include "base/limits.h"

#include <errno.h>
#include <unistd.h>

ssize_t
io_read(int fd, void *to, size_t len)
{
	ssize_t n;

	do
		n = read(fd, to, len);
	while (n < 0 && errno == EINTR);
	return n;
}

int
io_write(int fd, const void *from, size_t len)
{
	const char *at = from;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t
io_pread(int fd, void *to, size_t len, off_t offset)
{
	char *at = to;
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, at + got, len - got, offset + (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

int
io_pwrite(int fd, const void *from, size_t len, off_t offset)
{
	const char *at = from;

	while (len > 0) {
		ssize_t n = pwrite(fd, at, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		offset += n;
		len -= (size_t)n;
	}
	return 0;
}

int
io_read_all(int fd, struct buf *b, const char *what, struct error *err)
{
	char block[4 * KIB];
	ssize_t n = 0;

	while (buf_ok(b) && (n = io_read(fd, block, sizeof block)) > 0)
		buf_add(b, block, (size_t)n);
	explicit_bzero(block, sizeof block);
	if (n < 0)
		return error_errno(err, ERR_IO, "%s: cannot read", what);
	if (!buf_ok(b))
		return error_set(err, ERR_DATA, "%s: larger than %zu bytes",
		    what, b->ceiling);
	return 0;
}

void
io_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}
