/* SPDX-License-Identifier: ISC */
/* The verbs of delivery that work on the queue. */
#ifndef DUE_H
#define DUE_H

#include "base/error.h"
#include "deliver.h"

struct due_options {
	const char *const *ids; /* of due_flush(); none: all that is due */
	size_t id_count;
	bool listed;       /* the ids were found, not named: one that is
			      gone meanwhile is none that is missed */
	const char *relay; /* only what goes to this one; NULL: all */
	bool force;        /* also what is not due yet */
	time_t every;      /* seconds between rounds; 0: one round only */
};

/*
 * Everybody may have delivered what is due. Who is not trusted (process.h)
 * hears of their own messages alone, can name no others, and can neither force
 * anything nor stay: ERR_PERMISSION.
 *
 * Delivers what is due, oldest first, but with a backlog of one user between
 * those of others (turns.h), and prints a line on stderr for each
 * trouble. Exit code 0 when nothing due is left, 75 when something stays, 64
 * when an id was named that is not in the queue. With every it goes on until
 * SIGTERM, SIGINT or SIGHUP, which end it between two messages: 0.
 */
int due_flush(
    struct courier *c, const struct due_options *o, struct error *err);

/*
 * The same for ids that stand on stdin, one a line, of the queue as somebody
 * has seen it; without any, nothing. Exit code 0 or 75; ERR_DATA: too many.
 */
int due_listed(
    struct courier *c, const struct due_options *o, struct error *err);

/*
 * Delivers one entry while its caller waits. Exit code 0: delivered, or still
 * queued (one line on stderr says why); 69: refused for all, and removed.
 */
int due_now(struct courier *c, const char *id, struct error *err);

/*
 * The same with nobody waiting: a refused one is held. It takes a slot of the
 * relay, and delivers also what else is new, until nothing is for a moment; or
 * leaves its entry to those who have all slots. Exit code 0.
 */
int due_background(struct courier *c, const char *id, struct error *err);

/* What the files of these share. */

/* Whose an entry is that cannot be read. */
#define DUE_NOBODYS ((uid_t)-1)

/* Delivers one entry, as due_now() (give_back) or with nobody waiting, and no
 * other. */
int due_one(struct courier *c, struct store *s, const char *id, bool give_back,
    struct error *err);

/* What a caller who is there should know of it, if anything: of one that waits
 * why, and for how long. */
void due_say_settled(const struct courier *c, const struct entry_file *f,
    enum settled settled, const struct error *why);

/* Of a message of uid: to whoever is there and may hear of it, unless the log
 * says it there. Nobody's goes to the log, since cron's output may go nowhere.
 */
void due_say(const char *id, uid_t uid, const struct error *err);

/* May the caller name this entry? */
bool due_may_name(struct store *s, const char *id);

/* Opens the queue; makes it if it is ours. As store_open(). */
int due_open_queue(struct courier *c, struct store *s, struct error *err);

#endif
