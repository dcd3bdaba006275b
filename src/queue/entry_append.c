/* SPDX-License-Identifier: ISC */
/* Records, appended to the file of an entry. */
#include "queue/store.h"

#include "base/io.h"

#include <unistd.h>

/* Writes text, whole records, behind all others. */
static int
append(struct entry_file *f, const struct buf *text, struct error *err)
{
	off_t end = f->records_end + (off_t)text->len;

	if (!buf_ok(text) ||
	    end - f->message_at - f->entry.size > ENTRY_RECORDS_MAX)
		return error_set(
		    err, ERR_IO, "queue file %s: too many records", f->id);
	if (ftruncate(f->fd, f->records_end) != 0 ||
	    io_pwrite(f->fd, text->at, text->len, f->records_end) != 0)
		return error_errno(err, ERR_IO, "queue file %s", f->id);
	f->records_end = end;
	return 0;
}

void
store_entry_note(struct entry_file *f, const struct record *r)
{
	if (f->unwritten.ceiling == 0)
		buf_init(&f->unwritten, ENTRY_RECORDS_MAX);
	record_encode(r, &f->unwritten);
	entry_apply(&f->entry, r);
}

int
store_entry_append(
    struct entry_file *f, const struct record *r, struct error *err)
{
	struct buf line;
	int rc = 0;

	if (f->unwritten.len > 0)
		rc = append(f, &f->unwritten, err);
	if (rc != 0)
		return -1;
	buf_release(&f->unwritten);
	buf_init(&line, 4 * KIB);
	record_encode(r, &line);
	rc = append(f, &line, err);
	if (rc == 0)
		entry_apply(&f->entry, r);
	buf_release(&line);
	return rc;
}
