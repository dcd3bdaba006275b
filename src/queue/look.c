/* SPDX-License-Identifier: ISC */
/* One entry with its message, without a lock. */
#include "queue/look.h"

#include "base/id.h"
#include "base/io.h"
#include "message/wire.h"
#include "queue/entry_read.h"
#include "queue/place.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int
read_parts(struct look *l, uid_t *uid, struct error *err)
{
	off_t end;
	size_t got;

	if (!entry_is_plain_file(&l->st))
		return error_set(err, ERR_DATA, "not a plain file");
	if (entry_read_head(l->fd, l->st.st_size, &l->head, &got, err) != 0)
		return -1;
	if (!entry_glance(buf_span(&l->head), uid, &l->size))
		return error_set(err, ERR_DATA, "its head cannot be read");
	end = (off_t)l->head.len + l->size;
	return entry_read_records(
	    l->fd, &l->head, got, end, l->st.st_size, &l->records, err);
}

int
look_open(struct look *l, struct store *s, const char *id, struct error *err)
{
	time_t not_before = 0;
	uid_t uid;

	*l = (struct look){.fd = -1};
	buf_init(&l->head, ENTRY_HEAD_MAX);
	buf_init(&l->records, ENTRY_RECORDS_MAX);
	if (!id_is_valid(span_of(id)))
		return 1;
	l->fd = place_open(s, id,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
	    &not_before);
	if (l->fd < 0 && errno == ENOENT)
		return 1;
	if (l->fd < 0 && errno == ELOOP)
		return error_set(err, ERR_DATA, "a symbolic link");
	if (l->fd < 0 || fstat(l->fd, &l->st) != 0)
		return error_errno(err, ERR_IO, "cannot open");
	return read_parts(l, &uid, err);
}

void
look_close(struct look *l)
{
	io_close(&l->fd);
	buf_release(&l->records);
	buf_release(&l->head);
}

bool
look_is_for(const struct look *l, uid_t reader)
{
	int64_t size;
	uid_t uid;

	return reader == 0 ||
	       (entry_glance(buf_span(&l->head), &uid, &size) && uid == reader);
}

int
look_message(
    const struct look *l, look_take *take, void *context, struct error *err)
{
	off_t at = (off_t)l->head.len, end = at + l->size;
	static char block[IO_BLOCK];

	while (at < end) {
		size_t want = sizeof block;
		ssize_t n;
		int rc;

		if (end - at < (off_t)want)
			want = (size_t)(end - at);
		n = io_pread(l->fd, block, want, at);
		if (n < 0)
			return error_errno(err, ERR_IO, "cannot read");
		if (n == 0)
			return error_set(err, ERR_DATA, "message cut short");
		rc = take(context, span(block, (size_t)n), err);
		if (rc != 0)
			return rc;
		at += n;
	}
	return 0;
}

static int
take_wire(void *context, struct span piece, struct error *err)
{
	(void)err;
	wire_check_take(context, piece);
	return 0;
}

static int
verify_message(const struct look *l, struct error *err)
{
	struct wire_check wire;

	wire_check_init(&wire);
	if (look_message(l, take_wire, &wire, err) != 0)
		return -1;
	if (!wire_check_end(&wire))
		return error_set(err, ERR_DATA,
		    "a line of the message does not end in CRLF");
	return 0;
}

/* What is behind the last whole record is the rest of an append; what is
 * before it, and no record, has changed since it was written. */
static int
verify_records(const struct look *l, struct error *err)
{
	struct span rest = buf_span(&l->records), line;
	size_t number = 0, bad = 0;
	struct record r;

	while (memchr(rest.at, '\n', rest.len) != NULL &&
	       span_cut(&rest, '\n', &line)) {
		number++;
		if (!record_decode(line, &r))
			bad = bad > 0 ? bad : number;
		else if (bad > 0)
			return error_set(err, ERR_DATA,
			    "the checksum of record %zu is wrong", bad);
	}
	return 0;
}

static int
verify_head(const struct look *l, const char *id, struct error *err)
{
	struct entry e;
	int rc = 0;

	if ((l->st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return error_set(err, ERR_DATA,
		    "others can read or write it; run: chmod 600");
	if (l->st.st_uid != geteuid())
		return error_set(err, ERR_DATA, "it belongs to uid %lu",
		    (unsigned long)l->st.st_uid);
	if (entry_decode(&e, true, buf_span(&l->head), err) != 0)
		return -1;
	if (strcmp(e.id, id) != 0)
		rc = error_set(err, ERR_DATA, "another id inside");
	entry_release(&e);
	return rc;
}

int
look_verify(struct store *s, const char *id, struct error *err)
{
	struct look l;
	int rc = look_open(&l, s, id, err);

	if (rc == 0 &&
	    (verify_head(&l, id, err) != 0 || verify_message(&l, err) != 0 ||
		verify_records(&l, err) != 0))
		rc = -1;
	look_close(&l);
	return rc > 0 ? 0 : rc;
}
