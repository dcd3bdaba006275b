/* SPDX-License-Identifier: ISC */
/*
 * Entries and pauses, written for the front. Of a long queue a second process
 * reads every other turn of entries, and this one passes on what it wrote, in
 * order: nearly all of a listing's time goes to opening files.
 */
#include "verbs_list.h"

#include "base/process.h"
#include "patience.h"
#include "queue/frame.h"
#include "queue/lock.h"
#include "queue/look.h"
#include "queue/pause.h"
#include "queue/steer.h"
#include "second.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#define TURN 64        /* entries */
#define WORTHWHILE 512 /* so many, for a second process */

struct roll {
	struct store *store;
	const struct queued *queue;
	size_t count;
	struct buf head, records;
	int64_t unread;
	struct error why; /* the first of those that cannot be read */
};

uid_t
verb_reader(void)
{
	return process_is_trusted() ? STEER_ALL : process_caller();
}

/* What a pause says, and no byte of our memory besides. */
static void
list_pause(const struct paused *found)
{
	struct frame frame = {
	    .kind = FRAME_PAUSE, .records = sizeof *found + 1};
	struct paused p;

	memset(&p, 0, sizeof p);
	memcpy(p.relay, found->relay, strlen(found->relay));
	memcpy(p.pause.why, found->pause.why, strlen(found->pause.why));
	p.pause.failures = found->pause.failures;
	p.pause.since = found->pause.since;
	p.pause.until = found->pause.until;
	p.pause.uid = found->pause.uid;
	fwrite(&frame, sizeof frame, 1, stdout);
	fwrite(&p, sizeof p, 1, stdout);
	putc('\n', stdout);
}

static void
list_pauses(struct store *s)
{
	struct paused *list;
	size_t count = pause_list(s, &list);

	for (size_t i = 0; i < count; i++)
		if (process_is_trusted() ||
		    pause_is_for(&list[i].pause, process_caller()))
			list_pause(&list[i]);
	free(list);
}

static void
write_entry(
    struct frame frame, const struct buf *head, const struct buf *records)
{
	frame.kind = FRAME_ENTRY;
	frame.head = (uint32_t)head->len;
	frame.records = (uint32_t)records->len;
	patience_renew(PATIENCE_OUTPUT);
	fwrite(&frame, sizeof frame, 1, stdout);
	fwrite(head->at, 1, head->len, stdout);
	fwrite(buf_span(records).at, 1, records->len, stdout);
}

/* What cannot be read is counted. */
static void
list_one(struct roll *r, const struct queued *q)
{
	struct error why;
	time_t next;
	bool busy;
	int rc;

	buf_clear(&r->head);
	buf_clear(&r->records);
	rc = store_peek(r->store, q, verb_reader(), &r->head, &r->records,
	    &next, &busy, &why);
	if (rc > 0)
		write_entry((struct frame){.next = next, .busy = busy},
		    &r->head, &r->records);
	else if (rc < 0 && r->unread++ == 0)
		r->why = why;
}

static void
list_turn(struct roll *r, size_t first)
{
	for (size_t i = first; i < first + TURN && i < r->count; i++)
		list_one(r, &r->queue[i]);
}

/* The second process's turns, each ended by what could not be read in it. */
static void
list_every_other(void *context)
{
	struct roll *r = context;

	for (size_t i = TURN; i < r->count && !ferror(stdout); i += 2 * TURN) {
		struct frame end = {.kind = FRAME_TURN};

		r->unread = 0;
		list_turn(r, i);
		if (r->unread > 0)
			end.head = sizeof r->why;
		end.next = r->unread;
		fwrite(&end, sizeof end, 1, stdout);
		fwrite(&r->why, end.head, 1, stdout);
		fflush(stdout);
	}
}

/* A turn of the second process; false: it has ended too early. */
static bool
pass_turn(struct roll *r, struct second *second)
{
	struct frame f;
	struct error why;

	do {
		if (fread(&f, sizeof f, 1, second->from) != 1)
			return false;
		if (f.kind == FRAME_TURN)
			break;
		patience_renew(PATIENCE_OUTPUT);
		fwrite(&f, sizeof f, 1, stdout);
	} while (second_pass(second, (size_t)f.head + f.records));
	if (f.kind != FRAME_TURN ||
	    fread(&why, 1, f.head, second->from) != f.head)
		return false;
	if (f.next > 0 && r->unread == 0)
		r->why = why;
	r->unread += f.next;
	return true;
}

static bool
list_all(struct roll *r)
{
	struct second second;
	bool two = r->count >= WORTHWHILE && fflush(stdout) == 0 &&
		   second_begin(&second, list_every_other, r),
	     whole = true;

	for (size_t i = 0; i < r->count && whole && !ferror(stdout); i += TURN)
		if (two && i / TURN % 2 == 1)
			whole = pass_turn(r, &second);
		else
			list_turn(r, i);
	if (two)
		second_end(&second);
	return whole;
}

static int
say_unread(const struct roll *r, bool whole, struct error *err)
{
	if (!whole)
		return error_set(err, ERR_TEMPORARY,
		    "the process that read half of the queue has ended");
	if (r->unread == 0)
		return EX_OK;
	*err = r->why;
	error_prefix(err, "%" PRId64 " %s cannot be read", r->unread,
	    r->unread == 1 ? "entry" : "entries");
	err->kind = ERR_TEMPORARY;
	return -1;
}

int
verb_list(struct store *s, const char *ignored, struct error *err)
{
	struct roll r = {.store = s};
	struct queued *queue;
	bool whole;

	(void)ignored;
	if (store_names(s, &queue, &r.count, err) != 0) {
		/* Whose code says that it may be otherwise the next time. */
		err->kind = ERR_TEMPORARY;
		return -1;
	}
	r.queue = queue;
	buf_init(&r.head, ENTRY_HEAD_MAX);
	buf_init(&r.records, ENTRY_RECORDS_MAX);
	list_pauses(s);
	whole = list_all(&r);
	buf_release(&r.records);
	buf_release(&r.head);
	free(queue);
	return say_unread(&r, whole, err);
}

static int
write_piece(void *context, struct span piece, struct error *err)
{
	patience_renew(PATIENCE_OUTPUT);
	if (fwrite(piece.at, 1, piece.len, context) != piece.len)
		return error_errno(err, ERR_IO, "stdout");
	return 0;
}

int
verb_show(struct store *s, const char *id, struct error *err)
{
	struct look l;
	int rc = look_open(&l, s, id, err);

	if (rc <= 0 && !look_is_for(&l, verb_reader()))
		rc = 1;
	if (rc == 0) {
		list_pauses(s);
		write_entry((struct frame){.next = l.st.st_mtime,
				.busy = lock_is_held(l.fd)},
		    &l.head, &l.records);
		rc = look_message(&l, write_piece, stdout, err);
	}
	if (rc > 0)
		rc = error_set(err, ERR_USAGE, "%s: not in the queue", id);
	else if (rc < 0)
		error_prefix(err, "%s", id);
	look_close(&l);
	return rc;
}
