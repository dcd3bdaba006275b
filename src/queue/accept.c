/* SPDX-License-Identifier: ISC */
/*
 * Acceptance: the one moment at which a message becomes ours. The order of
 * the calls in accept_make_durable() is the promise; see pillarbox-queue(5).
 */
#include "queue/accept.h"
#include "queue/store.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "message/wire.h"
#include "queue/lock.h"
#include "queue/room.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names already taken, or swept from under us, this many times in a row
 * means that something else is wrong. */
#define NAME_TRIES 5

/* A copy in progress: what has come, and what has been written. */
struct intake_copy {
	struct store *store;
	uid_t uid; /* whose it is */
	int from;
	int to;
	struct buf block; /* come, and not yet written */
	struct wire_check wire;
	int64_t left; /* of the message, yet to come */
	off_t message_at;
};

/* As read(2); who is silent for too long keeps no process, and no file. */
static ssize_t
read_input(const struct intake_copy *c, char *to)
{
	struct pollfd in = {.fd = c->from, .events = POLLIN};
	int patience = c->store->patience * 1000;

	if (patience > 0 && poll(&in, 1, patience) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return io_read(c->from, to, IO_BLOCK);
}

/* Reads until the head is there; what is behind it stays in the block. */
static int
read_head(struct intake_copy *c, struct entry *e, struct error *err)
{
	size_t length;

	while ((length = entry_head_length(buf_span(&c->block))) == 0) {
		char *to = buf_room(&c->block, IO_BLOCK);
		ssize_t n;

		if (to == NULL)
			return error_set(err, ERR_DATA, "head too long");
		n = read_input(c, to);
		if (n < 0)
			return error_errno(err, ERR_IO, "cannot read");
		if (n == 0)
			return error_set(
			    err, ERR_DATA, "the input ended in the head");
		buf_grown(&c->block, (size_t)n);
	}
	if (entry_decode(e, false, span(c->block.at, length), err) != 0)
		return -1;
	buf_drop(&c->block, length);
	c->left = e->size;
	return 0;
}

/* Counts and checks what came of the message and writes it, head before. */
static int
write_block(struct intake_copy *c, struct error *err)
{
	if ((int64_t)c->block.len > c->left)
		return error_set(err, ERR_DATA, "more bytes than it said");
	wire_check_take(&c->wire, buf_span(&c->block));
	c->left -= (int64_t)c->block.len;
	/* Others fill the disk, too, as long as this one takes. */
	if (room_check(c->store, c->uid, (int64_t)c->block.len, err) != 0)
		return -1;
	if (io_write(c->to, c->block.at, c->block.len) != 0)
		return error_errno(err, ERR_TEMPORARY, "cannot write");
	buf_clear(&c->block);
	return 0;
}

static int
copy_message(struct intake_copy *c, struct error *err)
{
	ssize_t n;

	do {
		char *to;

		if (write_block(c, err) != 0)
			return -1;
		to = buf_room(&c->block, IO_BLOCK);
		n = read_input(c, to);
		if (n < 0)
			return error_errno(err, ERR_IO, "cannot read");
		buf_grown(&c->block, (size_t)n);
	} while (n > 0);
	if (c->left != 0)
		return error_set(err, ERR_DATA, "fewer bytes than it said");
	if (!wire_check_end(&c->wire))
		return error_set(
		    err, ERR_DATA, "the message is not in wire form");
	return 0;
}

/* A new name in tmp, locked; what the sweeper takes for dead is not. */
static int
create(struct store *s, struct entry *e, struct error *err)
{
	for (int tries = 0; tries < NAME_TRIES; tries++) {
		struct stat st;
		int fd;

		id_new(clock_now_us(), e->id);
		fd = openat(s->tmp, e->id,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			return error_errno(err, ERR_TEMPORARY,
			    "%s/tmp: cannot create", s->path);
		if (fd < 0)
			continue;
		if (lock_try(fd) && fstat(fd, &st) == 0 && st.st_nlink == 1)
			return fd;
		io_close(&fd);
	}
	return error_set(err, ERR_TEMPORARY, "%s/tmp: no free name", s->path);
}

int
accept_check_room(struct store *s, int64_t size, struct error *err)
{
	return room_check(s, 0, size, err);
}

/* renameat2(2) never replaces; old file systems know only renameat(2). */
static int
publish(struct store *s, const char *id)
{
	int rc = renameat2(s->tmp, id, s->queue, id, RENAME_NOREPLACE);

	if (rc != 0 && (errno == EINVAL || errno == ENOSYS))
		rc = renameat(s->tmp, id, s->queue, id);
	return rc;
}

int
accept_make_durable(struct store *s, int fd, const char *id, struct error *err)
{
	if (fdatasync(fd) != 0 || publish(s, id) != 0)
		return error_errno(
		    err, ERR_TEMPORARY, "%s/tmp/%s", s->path, id);
	if (fsync(s->queue) == 0)
		return 0;
	error_errno(err, ERR_TEMPORARY, "%s/queue", s->path);
	unlinkat(s->queue, id, 0);
	return -1;
}

/* The head in its final form goes before what is already there. */
static int
write_entry(struct intake_copy *c, const struct entry *e, struct error *err)
{
	struct buf head;
	int rc = 0;

	buf_init(&head, ENTRY_HEAD_MAX);
	entry_encode(e, true, &head);
	if (!buf_ok(&head))
		rc = error_set(err, ERR_DATA, "head too long");
	else if (io_write(c->to, head.at, head.len) != 0)
		rc = error_errno(err, ERR_TEMPORARY, "cannot write");
	c->message_at = (off_t)head.len;
	buf_release(&head);
	return rc == 0 ? copy_message(c, err) : -1;
}

/* Before anybody sees it. */
static int
reserve(const struct intake_copy *c, struct error *err)
{
	const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
	    {.tv_sec = clock_now() + c->store->reserve}};

	if (c->store->reserve == 0 || futimens(c->to, times) == 0)
		return 0;
	return error_errno(err, ERR_TEMPORARY, "cannot set its time");
}

/* Nothing of this can fail any more. */
static void
tell(const struct intake_copy *c, const struct entry *e, struct accepted *a)
{
	memcpy(a->id, e->id, sizeof a->id);
	snprintf(a->sender, sizeof a->sender, "%s", e->envelope.sender);
	a->size = e->size;
	a->rcpt_count = e->envelope.rcpt_count;
	message_id_read(c->to, c->message_at, a->message_id);
}

int
store_accept(
    struct store *s, int fd, uid_t uid, struct accepted *a, struct error *err)
{
	struct intake_copy c = {.store = s, .uid = uid, .from = fd, .to = -1};
	struct entry e = {0};
	int rc = -1;

	buf_init(&c.block, ENTRY_HEAD_MAX + IO_BLOCK);
	wire_check_init(&c.wire);
	if (read_head(&c, &e, err) != 0)
		goto out;
	e.uid = uid;
	e.time = clock_now();
	if (room_check(s, uid, e.size, err) != 0 ||
	    (c.to = create(s, &e, err)) < 0)
		goto out;
	if (write_entry(&c, &e, err) != 0 || reserve(&c, err) != 0 ||
	    accept_make_durable(s, c.to, e.id, err) != 0) {
		unlinkat(s->tmp, e.id, 0);
		goto out;
	}
	tell(&c, &e, a);
	rc = 0;
out:
	io_close(&c.to);
	buf_release(&c.block);
	entry_release(&e);
	return rc;
}
