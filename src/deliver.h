/* SPDX-License-Identifier: ISC */
/*
 * One entry to its relay and its outcome back into the queue: where queue/
 * and delivery/ meet. The verbs of pillarbox-deliver are in due.h and
 * direct.h.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include "alias/aliases.h"
#include "base/error.h"
#include "config/config.h"
#include "delivery/peer.h"
#include "delivery/session.h"
#include "queue/schedule.h"
#include "queue/store.h"

#include <stdbool.h>
#include <stddef.h>

/* What this process has with one relay. */
struct post {
	const struct relay *relay;
	struct session session;
	struct peer peer;    /* for the log: of the last session */
	struct buf password; /* while a session is opened */
	char *kept_password; /* password.h; "": none yet; NULL: not kept */
	struct buf key;      /* the password of tls-key; the same two */
	char *kept_key;
	bool open;
	bool used;      /* the session has carried a message */
	bool asked;     /* whether it is paused */
	bool paused;    /* it is, on disk */
	int probe;      /* the right to probe it; -1: none */
	int slot;       /* the lock of its session; -1: none (slot.h) */
	int turn;       /* the right to flush it; -1: none, or none needed */
	bool elsewhere; /* another flush has that right */
	size_t carried; /* messages offered in this session */
	bool failed;    /* out of order: what is for it stays queued, */
	uid_t blamed;   /* of this user, or of PAUSE_ALL */
	bool tried;     /* that was seen now, and not only read on disk */
	int least;      /* not to be asked sooner than in so many seconds,
			   since its tokens are not to be had */
	bool unreached; /* no message was offered to it: it could not be
			   connected to, or refused the login */
	time_t until;   /* when it is asked again; 0: not known */
	size_t kept;    /* messages that stay for that reason, counted by
			   deliver_entry() */
	struct error why;
};

/* A list of messages (parcel.h). */
struct parcels {
	struct parcel *first, *last;
};

struct courier {
	const struct config *config;
	struct post *posts; /* one for each relay of the configuration */
	struct schedule schedule;
	struct aliases aliases; /* as they were last read */
	struct store *store;    /* where pauses are; NULL: nothing is queued */
	struct parcels todo;    /* to be offered, or offered again */
	struct parcels back;    /* that have come to an end */
	bool insist;            /* also ask relays that are paused */
	bool passes;   /* takes a slot for a session if there is one, and
			  goes on without if there is none */
	bool copy;     /* it helps another process (crew.h), which is to
			  see itself what is wrong with a relay */
	bool resident; /* what was said in one round is not repeated */
	bool verbose;
	struct findings *findings; /* of the next session; NULL: nobody asks */
	int64_t deadline_ms; /* of a try that a caller waits for; 0: none */
};

int courier_init(
    struct courier *c, const struct config *config, struct error *err);

/* Ends all sessions. */
void courier_release(struct courier *c);

/* Ends all sessions and forgets what failed: the next flush asks anew. */
void courier_rest(struct courier *c);

/* Is there one relay only, and that out of order for all? */
bool courier_is_stuck(const struct courier *c);

/* Then so many more entries stay as well, without being looked at. */
void courier_keep(struct courier *c, size_t count);

/*
 * Takes the right to flush each relay, or that one alone (not NULL): of those
 * that another flush of the same user is at work for, it takes nothing. False:
 * that is all of them. Ended by courier_rest().
 */
bool courier_take_turns(struct courier *c, const char *relay);

/* In a copy of this process, which has no session yet: it leaves the right to
 * flush to the other one, and begins no pause. */
void courier_copy(struct courier *c);

/* Has it a slot for its session by now? */
bool post_take_slot(const struct courier *c, struct post *post);

/* For parcel.c. */
struct post *post_find(
    struct courier *c, const struct entry *e, struct error *err);
int post_open(struct courier *c, struct post *post, struct error *err);
void post_close(struct post *post);

/* What became of an entry. */
enum settled {
	SETTLED_FAILED = -1, /* the disk failed; err is set */
	SETTLED_SENT,        /* everybody has it; it is gone */
	SETTLED_KEPT,        /* the relay is out of order; tried again */
	SETTLED_UNTRIED,     /* the same, and known before: it is as it was */
	SETTLED_DEFERRED,    /* put off for somebody; tried again */
	SETTLED_RETURNED,    /* not everybody has it, and a report to its sender
				is queued; it is gone */
	SETTLED_TOLD,        /* everybody has it, and a report of that is
				queued, as was asked for; it is gone */
	SETTLED_UNWANTED,    /* not everybody has it, but nobody wants a report
			      */
	SETTLED_HELD,        /* the same, but there is no sender to tell; it
				waits for a person */
	SETTLED_REFUSED,     /* refused for all; kept until a caller, who hears
				of it, removes it */
	SETTLED_BROKEN,      /* moved aside */
};

/* It is queued for another attempt. */
static inline bool
settled_waits(enum settled settled)
{
	return settled == SETTLED_KEPT || settled == SETTLED_UNTRIED ||
	       settled == SETTLED_DEFERRED || settled == SETTLED_FAILED;
}

/* Everybody has it, so that nothing is to be said. */
static inline bool
settled_is_well(enum settled settled)
{
	return settled == SETTLED_SENT || settled == SETTLED_TOLD;
}

/* A report is queued in its place. */
static inline bool
settled_is_reported(enum settled settled)
{
	return settled == SETTLED_RETURNED || settled == SETTLED_TOLD;
}

/* What is done when an entry is settled; f is its own then, to be closed. err
 * as of deliver_entry(). */
typedef void deliver_end(void *context, struct entry_file *f,
    enum settled settled, struct error *err);

/*
 * Begins to deliver an open entry, which is taken over: f is empty. end is
 * called when it is settled, by this or by deliver_settle().
 */
void deliver_push(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, deliver_end *end, void *context);

/* Settles what has come to its end; with wait, all that is under way. */
void deliver_settle(struct courier *c, bool wait);

/*
 * Delivers an open entry and settles it; err says what happened to all but
 * SETTLED_SENT. With give_back, one that is refused for all is put off for a
 * minute without a report: a caller waits, hears of it, and has the store
 * forget it (SETTLED_REFUSED).
 */
enum settled deliver_entry(struct courier *c, struct store *s,
    struct entry_file *f, bool give_back, struct error *err);

/* One line on stderr and in the log for each relay that failed: why, how many
 * messages stay, and until when. */
void courier_report(const struct courier *c);

#endif
