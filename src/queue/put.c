/* SPDX-License-Identifier: ISC */
/* Entries that delivery makes itself. Apart from accept.c, so that the store
 * has nothing in it that only delivery needs. */
#include "queue/store.h"

#include "base/io.h"
#include "message/wire.h"
#include "queue/accept.h"
#include "queue/lock.h"
#include "queue/place.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a crash left under that name goes; a living writer holds its lock. */
static int
clear_name(struct store *s, const char *id)
{
	int fd = openat(s->tmp, id, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	int rc = -1;

	if (fd >= 0 && lock_try(fd))
		rc = unlinkat(s->tmp, id, 0);
	io_close(&fd);
	return rc;
}

static int
create(struct store *s, const char *id, struct error *err)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(s->tmp, id, flags, 0600);
	struct stat st;

	if (fd < 0 && errno == EEXIST && clear_name(s, id) == 0)
		fd = openat(s->tmp, id, flags, 0600);
	if (fd < 0)
		return error_errno(err, ERR_TEMPORARY,
		    "%s/tmp/%s: cannot create", s->path, id);
	/* A sweeper may have been quicker than the lock. */
	if (lock_try(fd) && fstat(fd, &st) == 0 && st.st_nlink == 1)
		return fd;
	io_close(&fd);
	return error_set(err, ERR_TEMPORARY, "%s/tmp/%s: is gone", s->path, id);
}

static int
write_head(int fd, const struct entry *e, struct error *err)
{
	struct buf head;
	int rc = 0;

	buf_init(&head, ENTRY_HEAD_MAX);
	entry_encode(e, true, &head);
	if (!buf_ok(&head))
		rc = error_set(err, ERR_INTERNAL, "head too long");
	else if (io_write(fd, head.at, head.len) != 0)
		rc = error_errno(err, ERR_TEMPORARY, "cannot write");
	buf_release(&head);
	return rc;
}

/* Ours or not: what is not in wire form comes into no queue. */
static int
write_message(int fd, const struct spool *message, struct error *err)
{
	char block[IO_BLOCK];
	struct wire_check wire;
	int64_t at = 0;
	ssize_t n;

	wire_check_init(&wire);
	while ((n = spool_read(message, at, block, sizeof block, err)) > 0) {
		wire_check_take(&wire, span(block, (size_t)n));
		if (io_write(fd, block, (size_t)n) != 0)
			return error_errno(err, ERR_TEMPORARY, "cannot write");
		at += n;
	}
	if (n < 0)
		return -1;
	if (!wire_check_end(&wire))
		return error_set(
		    err, ERR_INTERNAL, "the message is not in wire form");
	return 0;
}

/* There already, and then for certain? */
static bool
is_there(struct store *s, const char *id)
{
	time_t not_before = 0;
	int fd =
	    place_open(s, id, O_PATH | O_NOFOLLOW | O_CLOEXEC, &not_before);

	if (fd < 0)
		return false;
	io_close(&fd);
	return fsync(s->queue) == 0;
}

int
store_put(struct store *s, const struct entry *e, const struct spool *message,
    struct error *err)
{
	int fd, rc;

	if (is_there(s, e->id))
		return 0;
	if (accept_check_room(s, e->size, err) != 0 ||
	    (fd = create(s, e->id, err)) < 0)
		return -1;
	rc = write_head(fd, e, err);
	if (rc == 0)
		rc = write_message(fd, message, err);
	if (rc == 0)
		rc = accept_make_durable(s, fd, e->id, err);
	if (rc != 0)
		unlinkat(s->tmp, e->id, 0);
	io_close(&fd);
	return rc;
}
