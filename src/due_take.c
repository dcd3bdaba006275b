/* SPDX-License-Identifier: ISC */
/* One entry of a flush. */
#include "due_flush.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

/* Is it this entry's turn? Asked again under its lock. */
static bool
is_due(const struct flush *fl, time_t next)
{
	if (fl->options->id_count > 0 || next <= fl->now)
		return true;
	return fl->options->force && next != STORE_NEVER;
}

/* post: of the entry. What has no way has its trouble said by a flush of
 * all. */
static bool
is_for_relay(const struct flush *fl, const struct post *post)
{
	const char *name = fl->options->relay;

	if (post == NULL)
		return name == NULL;
	return !post->elsewhere &&
	       (name == NULL || strcmp(post->relay->name, name) == 0);
}

/* A copy helps where the process that made it has had success. */
static bool
is_for_us(struct flush *fl, struct post *post)
{
	struct courier *c = fl->courier;

	if (!c->copy)
		return true;
	if (post == NULL || !fl->share->works[post - c->posts])
		return false;
	fl->crew.over = fl->crew.over || !post_take_slot(c, post);
	return !fl->crew.over;
}

/* Is it the turn of the entry's user? */
static bool
may_go(struct flush *fl, const struct entry *e)
{
	if (!fl->in_turns)
		return true;
	if (!turns_may(&fl->turns, e->uid))
		return false;
	turns_use(&fl->turns, e->uid, entry_count(e, RCPT_WAITING));
	return true;
}

static void
push(struct flush *fl, struct entry_file *f, struct post *post, size_t piece)
{
	struct under_way *u = must_calloc(1, sizeof *u);

	*u = (struct under_way){.flush = fl, .post = post, .piece = piece};
	deliver_push(fl->courier, &fl->store, f, false, due_end, u);
}

enum take {
	TAKE_PUSHED,
	TAKE_PASSED_OVER, /* it has nothing to do with this flush */
	TAKE_LATER,
};

static enum take
take_open(struct flush *fl, struct entry_file *f, size_t piece)
{
	struct courier *c = fl->courier;
	struct error ignored;
	struct post *post = post_find(c, &f->entry, &ignored);

	if (f->entry.held && fl->options->id_count > 0 && !fl->options->listed)
		fprintf(stderr, "pillarbox: %s: is held\n", f->id);
	if (!is_due(fl, f->next) || f->entry.held || !is_for_relay(fl, post))
		return TAKE_PASSED_OVER;
	if (piece != NO_PIECE) {
		fl->share->piece[piece].uid = f->entry.uid;
		fl->share->piece[piece].post =
		    post != NULL ? (int)(post - c->posts) + 1 : 0;
	}
	if (!is_for_us(fl, post) || !may_go(fl, &f->entry))
		return TAKE_LATER;
	push(fl, f, post, piece);
	return TAKE_PUSHED;
}

/* What is no id may be anything. */
static void
say_missing(const char *id)
{
	char shown[2 * ENTRY_ID_SIZE];

	text_copy_printable(shown, sizeof shown, span_of(id));
	fprintf(stderr, "pillarbox: %s: not in the queue\n", shown);
}

bool
due_take(struct flush *fl, const char *id, size_t piece)
{
	enum open_result result = OPEN_GONE;
	enum take taken = TAKE_PASSED_OVER;
	struct entry_file f;
	struct error err;

	/* A process is never safe from who started it, by a control group of
	 * its own: so it has in hand what is that one's, and no more. */
	if (due_may_name(&fl->store, id))
		result = store_entry_open(&fl->store, id, &f, &err);
	switch (result) {
	case OPEN_DONE:
		taken = take_open(fl, &f, piece);
		store_entry_close(&f);
		break;
	case OPEN_GONE:
		if (fl->options->id_count == 0 || fl->options->listed)
			break;
		fl->missing = true;
		say_missing(id);
		break;
	case OPEN_BUSY:
		break;
	case OPEN_FAILED:
		due_note_stays(fl);
		/* FALLTHROUGH */
	case OPEN_CORRUPT:
		due_tell(fl, id, DUE_NOBODYS, &err);
		break;
	}
	if (taken == TAKE_PASSED_OVER && piece != NO_PIECE)
		share_end(fl->share, piece, PIECE_DONE);
	return taken != TAKE_LATER;
}

void
due_settle(struct flush *fl, bool all)
{
	char report[ENTRY_ID_SIZE];
	bool in_turns = fl->in_turns;

	fl->in_turns = false;
	deliver_settle(fl->courier, all);
	while (fl->returned_count > 0) {
		id_derive(
		    fl->returned[--fl->returned_count].id, ID_REPORT, report);
		fl->now = clock_now();
		due_take(fl, report, NO_PIECE);
		deliver_settle(fl->courier, all);
	}
	fl->in_turns = in_turns;
}
