/* SPDX-License-Identifier: ISC */
/* A body on its way through the front. */
#include "message/spool.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/wire.h"

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

void
spool_view(struct spool *s, int fd, int64_t base, int64_t size)
{
	spool_init(s);
	s->fd = fd;
	s->base = base;
	s->size = size;
}

int
spool_file(struct spool *s, struct error *err)
{
	if (empty_into_file(s, err) != 0)
		return -1;
	if (lseek(s->fd, 0, SEEK_SET) != 0)
		return error_errno(err, ERR_TEMPORARY, "temporary file");
	return s->fd;
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

ssize_t
spool_read(const struct spool *s, int64_t offset, char *to, size_t len,
    struct error *err)
{
	int64_t in_file = s->size - (int64_t)s->memory.len;
	ssize_t n;

	if (offset >= s->size)
		return 0;
	if (offset >= in_file) {
		struct span rest =
		    span_from(buf_span(&s->memory), (size_t)(offset - in_file));

		if (len > rest.len)
			len = rest.len;
		memcpy(to, rest.at, len);
		return (ssize_t)len;
	}
	if ((int64_t)len > in_file - offset)
		len = (size_t)(in_file - offset);
	n = io_pread(s->fd, to, len, s->base + offset);
	if (n <= 0)
		return error_errno(err, ERR_IO, "temporary file");
	return n;
}

int
spool_head(const struct spool *s, struct buf *head, struct error *err)
{
	const char *end = NULL;

	while (end == NULL) {
		char *room = buf_room(head, IO_BLOCK);
		ssize_t n;

		if (room == NULL)
			return error_set(err, ERR_DATA, "header too large");
		n = spool_read(s, (int64_t)head->len, room, IO_BLOCK, err);
		if (n < 0)
			return -1;
		buf_grown(head, (size_t)n);
		end = memmem(head->at, head->len, "\r\n\r\n", 4);
		if (n == 0)
			break;
	}
	if (end != NULL)
		head->len = (size_t)(end - head->at) + 2;
	return 0;
}

int
spool_copy(const struct spool *s, int fd, struct error *err)
{
	return spool_copy_from(s, 0, fd, err);
}

int
spool_copy_from(const struct spool *s, int64_t from, int fd, struct error *err)
{
	char block[IO_BLOCK];
	int64_t at = from;
	ssize_t n;

	while ((n = spool_read(s, at, block, sizeof block, err)) > 0) {
		if (io_write(fd, block, (size_t)n) != 0)
			return error_errno(err, ERR_IO, "writing the message");
		at += n;
	}
	return n < 0 ? -1 : 0;
}

int
spool_copy_wire(const struct spool *s, int fd, struct error *err)
{
	char block[IO_BLOCK], last = '\0';
	struct buf line;
	int64_t at = 0;
	ssize_t n;

	buf_init(&line, 2 * IO_BLOCK + 2);
	do {
		n = spool_read(s, at, block, sizeof block, err);
		buf_clear(&line);
		if (n > 0)
			wire_convert(span(block, (size_t)n), &last, &line);
		else if (n == 0)
			wire_close(last, &line);
		at += n;
		if (n >= 0 && io_write(fd, line.at, line.len) != 0)
			n = error_errno(err, ERR_IO, "writing the message");
	} while (n > 0);
	buf_release(&line);
	return (int)n;
}
