/* SPDX-License-Identifier: ISC */
/* What waits in the queue. */
#include "backlog.h"

#include "queue/frame.h"

#include <stdlib.h>
#include <sysexits.h>

static int
ask(struct backlog *b, const struct config *config, const char *verb,
    const char *id, struct error *err)
{
	*b = (struct backlog){.config = config, .only = id != NULL};
	buf_init(&b->head, ENTRY_HEAD_MAX);
	buf_init(&b->records, ENTRY_RECORDS_MAX);
	if (!config->queue_enabled)
		return 0;
	if (gate_open(&b->gate, config, verb, id, CHILD_STDOUT, err) != 0)
		return -1;
	b->from = gate_answer(&b->gate);
	if (b->from != NULL)
		return 0;
	gate_close(&b->gate, err);
	return error_set(err, ERR_TEMPORARY, "out of memory");
}

int
backlog_open(struct backlog *b, const struct config *config, struct error *err)
{
	return ask(b, config, "list", NULL, err);
}

int
backlog_show(struct backlog *b, const struct config *config, const char *id,
    struct error *err)
{
	return ask(b, config, "show", id, err);
}

static bool
read_bytes(FILE *from, struct buf *to, size_t len)
{
	char *room;

	buf_clear(to);
	if (len == 0)
		return true;
	room = buf_room(to, len);
	if (room == NULL || fread(room, 1, len, from) != len)
		return false;
	buf_grown(to, len);
	return true;
}

static bool
take_pause(struct backlog *b)
{
	struct paused p;

	if (b->records.len != sizeof p + 1)
		return false;
	memcpy(&p, b->records.at, sizeof p);
	p.relay[sizeof p.relay - 1] = '\0';
	p.pause.why[sizeof p.pause.why - 1] = '\0';
	b->pauses = must_realloc(b->pauses, b->pause_count + 1, sizeof p);
	b->waiting =
	    must_realloc(b->waiting, b->pause_count + 1, sizeof b->waiting[0]);
	b->waiting[b->pause_count] = 0;
	b->pauses[b->pause_count++] = p;
	return true;
}

/* The pause of an entry that goes to relay, and counts it. */
static const struct pause *
pause_of(struct backlog *b, const char *relay, uid_t uid)
{
	for (size_t i = 0; relay != NULL && i < b->pause_count; i++)
		if (strcmp(b->pauses[i].relay, relay) == 0 &&
		    pause_is_for(&b->pauses[i].pause, uid)) {
			b->waiting[i]++;
			return &b->pauses[i].pause;
		}
	return NULL;
}

static const char *
relay_of(const struct backlog *b)
{
	const struct entry *e = &b->entry;
	const struct relay *relay;
	struct error ignored;

	relay = config_route(b->config, e->envelope.sender,
	    e->relay[0] ? e->relay : NULL, &ignored);
	return relay != NULL ? relay->name : NULL;
}

/* 1: it is decoded; 0: there was another thing, or one that is corrupt. */
static int
take_frame(struct backlog *b, const struct frame *f, struct listed *l,
    struct error *err)
{
	if (!read_bytes(b->from, &b->head, f->head) ||
	    !read_bytes(b->from, &b->records, f->records) ||
	    (f->kind == FRAME_PAUSE && !take_pause(b)))
		return error_set(err, ERR_IO, "the store's list is not whole");
	if (f->kind == FRAME_PAUSE)
		return 0;
	if (entry_decode(&b->entry, true, buf_span(&b->head), err) != 0)
		return b->only ? -1 : 0;
	entry_apply_all(&b->entry, buf_span(&b->records));
	*l = (struct listed){.entry = &b->entry,
	    .next = (time_t)f->next,
	    .busy = f->busy != 0,
	    .relay = relay_of(b)};
	l->pause = pause_of(b, l->relay, l->entry->uid);
	return 1;
}

int
backlog_next(struct backlog *b, struct listed *l, struct error *err)
{
	struct frame f;
	size_t n;
	int rc = 0;

	entry_release(&b->entry);
	if (b->from == NULL)
		return 0;
	while (rc == 0 && (n = fread(&f, 1, sizeof f, b->from)) > 0)
		rc = n == sizeof f ? take_frame(b, &f, l, err)
				   : error_set(err, ERR_IO,
					 "the store's list is not whole");
	return rc;
}

int
backlog_close(struct backlog *b, struct error *err)
{
	int code = EX_OK;

	if (b->from != NULL)
		code = gate_close(&b->gate, err);
	entry_release(&b->entry);
	free(b->waiting);
	free(b->pauses);
	buf_release(&b->records);
	buf_release(&b->head);
	return code;
}
