/* SPDX-License-Identifier: ISC */
/* Entries in their files: opened, read, appended to, settled. */
#include "queue/store.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/text.h"
#include "queue/entry_read.h"
#include "queue/lock.h"
#include "queue/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads all of an entry but its message from the open, locked file. */
static int
load(struct entry_file *f, const struct stat *st, struct error *err)
{
	struct buf head, records;
	size_t got;
	int rc = -1;

	if (!entry_is_plain_file(st))
		return error_set(err, ERR_DATA, "not a plain file");
	buf_init(&head, ENTRY_HEAD_MAX);
	buf_init(&records, ENTRY_RECORDS_MAX);
	if (entry_read_head(f->fd, st->st_size, &head, &got, err) != 0 ||
	    entry_decode(&f->entry, true, buf_span(&head), err) != 0)
		goto out;
	if (strcmp(f->entry.id, f->id) != 0) {
		rc = error_set(err, ERR_DATA, "another id inside");
		goto out;
	}
	f->message_at = (off_t)head.len;
	f->records_end = f->message_at + f->entry.size;
	if (entry_read_records(f->fd, &head, got, f->records_end, st->st_size,
		&records, err) != 0)
		goto out;
	f->records_end += (off_t)entry_apply_all(&f->entry, buf_span(&records));
	rc = 0;
out:
	buf_release(&records);
	buf_release(&head);
	return rc;
}

/* Whoever had it before us may have moved it meanwhile. */
static bool
is_still_there(const struct entry_file *f, const struct stat *st)
{
	char name[PLACE_SIZE];
	struct stat now;

	place_name(f->not_before, f->id, name);
	return fstatat(f->store->root, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	       now.st_ino == st->st_ino && now.st_dev == st->st_dev;
}

static enum open_result
open_and_lock(
    struct store *s, struct entry_file *f, struct stat *st, struct error *err)
{
	f->store = s;
	f->fd = place_open(s, f->id,
	    O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
	    &f->not_before);
	if (f->fd < 0 && errno == ENOENT)
		return OPEN_GONE;
	if (f->fd < 0 && (errno == ELOOP || errno == EISDIR)) {
		error_set(err, ERR_DATA, "not a plain file");
		return OPEN_CORRUPT;
	}
	if (f->fd < 0 || fstat(f->fd, st) != 0) {
		error_errno(err, ERR_IO, "%s/queue/%s", s->path, f->id);
		return OPEN_FAILED;
	}
	if (!lock_try(f->fd))
		return OPEN_BUSY;
	/* Its last holder may have removed it while we waited to look. */
	if (fstat(f->fd, st) != 0 || st->st_nlink == 0)
		return OPEN_GONE;
	if (!is_still_there(f, st))
		return OPEN_BUSY;
	f->next = store_time_of_next(st);
	return OPEN_DONE;
}

enum open_result
store_entry_open(
    struct store *s, const char *id, struct entry_file *f, struct error *err)
{
	enum open_result result;
	struct error aside;
	struct stat st;

	*f = (struct entry_file){.fd = -1};
	if (!id_is_valid(span_of(id)))
		return OPEN_GONE;
	text_copy(f->id, sizeof f->id, span_of(id));
	result = open_and_lock(s, f, &st, err);
	if (result == OPEN_DONE && load(f, &st, err) != 0)
		result = err->kind == ERR_DATA ? OPEN_CORRUPT : OPEN_FAILED;
	if (result == OPEN_CORRUPT || result == OPEN_FAILED)
		error_prefix(err, "%s/queue/%s", s->path, id);
	if (result == OPEN_CORRUPT && store_entry_aside(s, id, &aside) != 0) {
		*err = aside;
		result = OPEN_FAILED;
	}
	if (result != OPEN_DONE)
		store_entry_close(f);
	return result;
}

void
store_entry_close(struct entry_file *f)
{
	entry_release(&f->entry);
	buf_release(&f->unwritten);
	io_close(&f->fd);
}

int
store_entry_expose(struct entry_file *f, struct error *err)
{
	if (place_move(f->store, f->id, f->not_before, 0) != 0 ||
	    fsync(f->store->queue) != 0)
		return error_errno(err, ERR_IO, "queue file %s", f->id);
	f->not_before = 0;
	return 0;
}

int
store_entry_defer(struct entry_file *f, time_t next, struct error *err)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = next}};
	time_t now = clock_now(), to = place_for(next, now);

	/* It must not be missed where nobody looks before it is due. */
	if (f->not_before > now && next < f->not_before &&
	    store_entry_expose(f, err) != 0)
		return -1;
	if (futimens(f->fd, times) != 0 || fsync(f->fd) != 0)
		return error_errno(err, ERR_IO, "queue file %s", f->id);
	f->next = next;
	/* Where it is looked at too often nothing is lost. */
	if (place_move(f->store, f->id, f->not_before, to) == 0)
		f->not_before = to;
	return 0;
}

/* store_sweep() may have renamed its folder. */
static int
remove_at(struct store *s, struct entry_file *f)
{
	char name[PLACE_SIZE];
	int fd;

	place_name(f->not_before, f->id, name);
	if (unlinkat(s->root, name, 0) == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	fd = place_open(
	    s, f->id, O_PATH | O_NOFOLLOW | O_CLOEXEC, &f->not_before);
	if (fd < 0)
		return 0;
	io_close(&fd);
	place_name(f->not_before, f->id, name);
	return unlinkat(s->root, name, 0);
}

int
store_entry_remove(struct store *s, struct entry_file *f, struct error *err)
{
	if (remove_at(s, f) != 0)
		return error_errno(
		    err, ERR_IO, "%s: %s: cannot remove", s->path, f->id);
	if (f->not_before != 0)
		s->removed_later = true;
	else
		s->removed = true;
	return 0;
}

/* Also a thing that cannot be opened. */
int
store_entry_aside(struct store *s, const char *id, struct error *err)
{
	char name[PLACE_SIZE];
	time_t t = 0;
	int rc;

	do {
		place_name(t, id, name);
		rc = renameat(s->root, name, s->corrupt, id);
	} while (rc != 0 && errno == ENOENT && place_next(s, STORE_NEVER, &t));
	if (rc != 0)
		return error_errno(
		    err, ERR_IO, "%s/queue/%s: cannot move aside", s->path, id);
	return 0;
}
