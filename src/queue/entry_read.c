/* SPDX-License-Identifier: ISC */
/* Parts of an entry, read from its file; and all a listing wants of it. */
#include "queue/entry_read.h"

#include "base/id.h"
#include "base/io.h"
#include "queue/entry.h"
#include "queue/lock.h"
#include "queue/place.h"
#include "queue/store.h"

#include <errno.h>
#include <fcntl.h>

/* Most heads come whole with one read of so much. What is behind them is the
 * message, which nobody here has a use for. */
#define FIRST_READ 512

bool
entry_is_plain_file(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1;
}

/* Reads more of the file, up to size; 1: there is no more. */
static int
read_more(int fd, off_t size, struct buf *head, struct error *err)
{
	size_t want = head->len > 0 ? head->len : FIRST_READ;
	char *to;
	ssize_t n;

	if (size - (off_t)head->len < (off_t)want)
		want = (size_t)(size - (off_t)head->len);
	if (want == 0)
		return 1;
	to = buf_room(head, want);
	if (to == NULL)
		return error_set(err, ERR_DATA, "head too long");
	n = io_pread(fd, to, want, (off_t)head->len);
	if (n < 0)
		return error_errno(err, ERR_IO, "cannot read");
	buf_grown(head, (size_t)n);
	return n == 0;
}

int
entry_read_head(
    int fd, off_t size, struct buf *head, size_t *got, struct error *err)
{
	size_t length;

	do {
		int rc = read_more(fd, size, head, err);

		if (rc < 0)
			return -1;
		if (rc > 0)
			return error_set(err, ERR_DATA, "head not whole");
		length = entry_head_length(buf_span(head));
	} while (length == 0);
	*got = head->len;
	head->len = length;
	return 0;
}

int
entry_read_records(int fd, const struct buf *head, size_t got, off_t at,
    off_t end, struct buf *records, struct error *err)
{
	off_t len = end - at;
	ssize_t n;
	char *to;

	if (len < 0)
		return error_set(err, ERR_DATA, "message cut short");
	if (end <= (off_t)got)
		buf_add(records, head->at + at, (size_t)len);
	if (end <= (off_t)got || len == 0)
		return 0;
	to = buf_room(records, (size_t)len);
	if (to == NULL)
		return error_set(err, ERR_DATA, "records too long");
	n = io_pread(fd, to, (size_t)len, at);
	if (n < 0)
		return error_errno(err, ERR_IO, "cannot read");
	if (n != (ssize_t)len)
		return error_set(err, ERR_DATA, "cut off meanwhile");
	buf_grown(records, (size_t)len);
	return 0;
}

/* Is the entry, by its head, for reader to see? *at: where its records are. */
static bool
may_see(const struct buf *head, uid_t reader, off_t *at)
{
	int64_t size;
	uid_t uid;

	if (!entry_glance(buf_span(head), &uid, &size))
		return false;
	*at = (off_t)head->len + size;
	return reader == 0 || reader == uid;
}

/* The torn rest of an append counts for nothing. */
static void
drop_torn(struct buf *records)
{
	while (records->len > 0 && records->at[records->len - 1] != '\n')
		records->len--;
}

/*
 * Not even the time of access is written: where the next attempt is in the
 * future, relatime would have it written by every listing, which takes longer
 * than all the rest. Only the owner may ask for that, and every entry is his.
 */
static int
open_to_look(struct store *s, const struct queued *q)
{
	time_t not_before = q->not_before;

	errno = ENOENT;
	if (!id_is_valid(span_of(q->id)))
		return -1;
	return place_open(s, q->id,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOATIME,
	    &not_before);
}

/* 1 as store_peek(); -1: no entry, or (ERR_IO) one that cannot be read. */
static int
read_parts(int fd, const struct stat *st, uid_t reader, struct buf *head,
    struct buf *records, struct error *err)
{
	size_t got;
	off_t at;

	if (!entry_is_plain_file(st))
		return error_set(err, ERR_DATA, "not a plain file");
	if (entry_read_head(fd, st->st_size, head, &got, err) != 0)
		return -1;
	if (!may_see(head, reader, &at))
		return 0;
	if (entry_read_records(fd, head, got, at, st->st_size, records, err) !=
	    0)
		return -1;
	drop_torn(records);
	return 1;
}

int
store_peek(struct store *s, const struct queued *q, uid_t reader,
    struct buf *head, struct buf *records, time_t *next, bool *busy,
    struct error *err)
{
	int fd = open_to_look(s, q), rc = -1;
	struct stat st;

	*err = (struct error){0};
	if (fd >= 0 && fstat(fd, &st) == 0)
		rc = read_parts(fd, &st, reader, head, records, err);
	else if (place_is_unknown())
		error_errno(err, ERR_IO, "cannot open");
	if (rc > 0) {
		*next = st.st_mtime;
		*busy = lock_is_held(fd);
	}
	io_close(&fd);
	return rc < 0 && err->kind != ERR_IO ? 0 : rc;
}

int
store_may_see(
    struct store *s, const struct queued *q, uid_t reader, struct error *err)
{
	struct buf head, records;
	time_t next;
	bool busy;
	int rc;

	buf_init(&head, ENTRY_HEAD_MAX);
	buf_init(&records, ENTRY_RECORDS_MAX);
	rc = store_peek(s, q, reader, &head, &records, &next, &busy, err);
	buf_release(&records);
	buf_release(&head);
	return rc;
}
