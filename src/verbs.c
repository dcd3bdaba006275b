/* SPDX-License-Identifier: ISC */
/* What the store can be asked for. */
#include "verbs.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "patience.h"
#include "queue/folder.h"
#include "queue/frame.h"
#include "queue/lock.h"
#include "queue/look.h"
#include "queue/pause.h"
#include "queue/slot.h"
#include "queue/steer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* The caller, or STEER_ALL for one who may have everything. */
static uid_t
reader(void)
{
	return process_is_trusted() ? STEER_ALL : process_caller();
}

static void
log_accepted(const struct accepted *a)
{
	struct logline *l = log_line(false, a->id);

	logline_number(l, "uid", (int64_t)process_caller());
	logline_address(l, "from", a->sender);
	logline_number(l, "size", a->size);
	logline_number(l, "nrcpt", (int64_t)a->rcpt_count);
	logline_address(l, "message-id", a->message_id);
	logline_end(l, "status", "accepted", NULL);
	log_write();
}

/* So long a message is left to a caller who starts its delivery. */
#define RESERVE_SECONDS 10

/* Slots are named by a caller who knows the configuration, and are that
 * caller's own: RELAY:COUNT. */
static bool
is_watched(struct store *s, const char *slots)
{
	struct span name, number = span_of(slots);
	char relay[RELAY_NAME_SIZE];
	unsigned long long count;

	return span_cut(&number, ':', &name) &&
	       text_copy(relay, sizeof relay, name) &&
	       text_number(number, CONNECTIONS_MAX, &count) &&
	       slot_is_watched(s, relay, process_caller(), (size_t)count);
}

static int
take(struct store *s, const char *slots, struct error *err)
{
	struct accepted a;

	if (store_accept(s, STDIN_FILENO, process_caller(), &a, err) != 0)
		return -1;
	/* It is ours already: that nobody hears the id changes nothing. */
	patience_renew(PATIENCE_OUTPUT);
	printf("%s%s\n", a.id,
	    slots != NULL && is_watched(s, slots) ? " watched" : "");
	fflush(stdout);
	log_accepted(&a);
	return EX_OK;
}

static int
take_reserved(struct store *s, const char *ignored, struct error *err)
{
	s->reserve = RESERVE_SECONDS;
	return take(s, ignored, err);
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

/* -1 with err: it cannot be read. */
static int
list_one(struct store *s, const struct queued *q, struct buf *head,
    struct buf *records, struct error *err)
{
	time_t next;
	bool busy;
	int rc;

	buf_clear(head);
	buf_clear(records);
	rc = store_peek(s, q, reader(), head, records, &next, &busy, err);
	if (rc > 0)
		write_entry(
		    (struct frame){.next = next, .busy = busy}, head, records);
	return rc < 0 ? -1 : 0;
}

/* All that can be; who takes it for all that is there must hear of the rest. */
static int
list_all(struct store *s, const struct queued *queue, size_t count,
    struct error *err)
{
	struct buf head, records;
	struct error why;
	size_t unread = 0;

	buf_init(&head, ENTRY_HEAD_MAX);
	buf_init(&records, ENTRY_RECORDS_MAX);
	for (size_t i = 0; i < count && !ferror(stdout); i++)
		if (list_one(s, &queue[i], &head, &records, &why) != 0 &&
		    unread++ == 0)
			*err = why;
	buf_release(&records);
	buf_release(&head);
	if (unread == 0)
		return EX_OK;
	error_prefix(err, "%zu %s cannot be read", unread,
	    unread == 1 ? "entry" : "entries");
	err->kind = ERR_TEMPORARY;
	return -1;
}

static int
list(struct store *s, const char *ignored, struct error *err)
{
	struct queued *queue;
	size_t count;
	int rc;

	(void)ignored;
	if (store_names(s, &queue, &count, err) != 0) {
		/* Whose code says that it may be otherwise the next time. */
		err->kind = ERR_TEMPORARY;
		return -1;
	}
	list_pauses(s);
	rc = list_all(s, queue, count, err);
	free(queue);
	return rc;
}

static int
write_piece(void *context, struct span piece, struct error *err)
{
	patience_renew(PATIENCE_OUTPUT);
	if (fwrite(piece.at, 1, piece.len, context) != piece.len)
		return error_errno(err, ERR_IO, "stdout");
	return 0;
}

static int
show(struct store *s, const char *id, struct error *err)
{
	struct look l;
	int rc = look_open(&l, s, id, err);

	if (rc <= 0 && !look_is_for(&l, reader()))
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

struct steering {
	struct store *store;
	enum steer what;
};

static enum steered
steer(void *context, const char *id, struct error *err)
{
	const struct steering *t = context;

	patience_renew(PATIENCE_OUTPUT);
	return steer_one(t->store, id, t->what, reader(), err);
}

static int
steer_all(struct store *s, enum steer what, struct error *err)
{
	struct steering t = {.store = s, .what = what};

	/* For all ids: they are a few MiB at most. */
	patience_renew(PATIENCE_INPUT);
	if (steer_each(STDIN_FILENO, steer, &t, err) != 0)
		return -1;
	return steer_sync(s, err);
}

static int
hold(struct store *s, const char *ignored, struct error *err)
{
	(void)ignored;
	return steer_all(s, STEER_HOLD, err);
}

static int
release(struct store *s, const char *ignored, struct error *err)
{
	(void)ignored;
	return steer_all(s, STEER_RELEASE, err);
}

static int
remove_all(struct store *s, const char *ignored, struct error *err)
{
	(void)ignored;
	return steer_all(s, STEER_REMOVE, err);
}

/* For the front, whose caller has heard that it was refused. */
static int
forget(struct store *s, const char *ignored, struct error *err)
{
	(void)ignored;
	return steer_all(s, STEER_FORGET, err);
}

/* A line for each entry that something is wrong with, and for each that was
 * moved aside. */
static int
verify(struct store *s, const char *ignored, struct error *err)
{
	struct queued *queue;
	struct dirent *d;
	struct error why;
	int code = EX_OK;
	size_t count;
	DIR *corrupt;

	(void)ignored;
	if (store_names(s, &queue, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (look_verify(s, queue[i].id, &why) != 0)
			printf("%s/queue/%s: %s\n", s->path, queue[i].id,
			    why.text);
	free(queue);
	corrupt = folder_list(s->corrupt);
	if (corrupt == NULL)
		return error_errno(err, ERR_IO, "%s/corrupt", s->path);
	for (errno = 0; (d = readdir(corrupt)) != NULL; errno = 0)
		if (d->d_name[0] != '.')
			printf("%s/corrupt/%s: was moved aside; see \"A "
			       "corrupt entry\" in pillarbox-queue(5)\n",
			    s->path, d->d_name);
	if (errno != 0)
		code = error_errno(err, ERR_IO, "%s/corrupt", s->path);
	closedir(corrupt);
	return code;
}

static int
due(struct store *s, const char *ignored, struct error *err)
{
	(void)ignored, (void)err;
	return store_is_due(s, clock_now(), reader()) ? EX_OK : 1;
}

static const struct verb verbs[] = {
    {"accept", false, false, take},
    {"offer", true, false, take},
    {"reserve", false, false, take_reserved},
    {"list", false, false, list},
    {"show", true, false, show},
    {"hold", false, false, hold},
    {"release", false, false, release},
    {"remove", false, false, remove_all},
    {"forget", false, false, forget},
    {"verify", false, true, verify},
    {"due", false, false, due},
};

const struct verb *
verb_find(const char *name)
{
	if (name == NULL)
		return &verbs[0];
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

int
verb_run(
    const struct verb *v, struct store *s, const char *id, struct error *err)
{
	static char block[IO_BLOCK];
	int code;

	if (v->for_owner && reader() != STEER_ALL)
		return error_set(err, ERR_PERMISSION,
		    "--%s is for root, or the owner of the queue", v->name);
	setvbuf(stdout, block, _IOFBF, sizeof block);
	code = v->run(s, id, err);
	patience_renew(PATIENCE_OUTPUT);
	/* What is accepted is ours, whoever hears of it. */
	if (code >= 0 && v->run != take && v->run != take_reserved &&
	    (fflush(stdout) != 0 || ferror(stdout)))
		return error_errno(err, ERR_IO, "stdout");
	return code;
}
