/* SPDX-License-Identifier: ISC */
/* A flush under way. Private to due.c, due_all.c, due_take.c and due_end.c. */
#ifndef DUE_FLUSH_H
#define DUE_FLUSH_H

#include "crew.h"
#include "due.h"
#include "progress.h"
#include "share.h"
#include "turns.h"

struct flush {
	struct courier *courier;
	const struct due_options *options;
	struct store store;
	time_t now;
	struct progress progress;
	bool stays;              /* something due is still there */
	bool missing;            /* an id was named that is not in the queue */
	struct queued *returned; /* entries that are gone, a report on each
				    being queued */
	size_t returned_count;
	struct turns turns;
	bool in_turns; /* others wait for what goes first */

	/* Of all that is due (due_all.c); else NULL and nobody. */
	struct share *share;
	struct crew crew;
};

/* An entry that is being delivered. */
struct under_way {
	struct flush *flush;
	const struct post *post;
	size_t piece;
};

/* What is not of the list: named by the caller, or a report. */
#define NO_PIECE ((size_t)-1)

/* All that is due. -1 with err: it cannot be listed. */
int due_all(struct flush *fl, struct error *err);

/* Begins to deliver one entry, if it is its turn. False: not in this round, or
 * not by this process. */
bool due_take(struct flush *fl, const char *id, size_t piece);

/* Settles what can be, or all; and delivers the reports that were made of
 * it: their senders need not wait for the next flush. */
void due_settle(struct flush *fl, bool all);

/* What follows on the end of struct under_way, which is freed. */
deliver_end due_end;

/* Some process of this flush has given it back: its report comes next. */
void due_note_returned(struct flush *fl, const char *id);

/* Something due is still there. */
void due_note_stays(struct flush *fl);

/* due_say(), in place of the line that says how far the flush is. */
void due_tell(
    struct flush *fl, const char *id, uid_t uid, const struct error *err);

#endif
