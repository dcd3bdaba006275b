/* SPDX-License-Identifier: ISC */
/*
 * One entry to its relay and its outcome back into the queue: where queue/
 * and delivery/ meet. The verbs of pillarbox-deliver are in due.h and
 * direct.h.
 */
#ifndef DELIVER_H
#define DELIVER_H

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
	struct peer peer; /* for the log: of the last session */
	struct buf password;
	bool open;
	bool used;      /* the session has carried a message */
	bool asked;     /* whether it is paused */
	bool paused;    /* it is, on disk */
	int probe;      /* the right to probe it; -1: none */
	bool failed;    /* out of order: what is for it stays queued, */
	uid_t blamed;   /* of this user, or of PAUSE_ALL */
	bool tried;     /* that was seen now, and not only read on disk */
	bool unreached; /* no message was offered to it: it could not be
			   connected to, or refused the login */
	time_t until;   /* when it is asked again; 0: not known */
	size_t kept;    /* messages that stay for that reason, counted by
			   deliver_entry() */
	struct error why;
};

struct courier {
	const struct config *config;
	struct post *posts; /* one for each relay of the configuration */
	struct schedule schedule;
	struct store *store; /* where pauses are; NULL: nothing is queued */
	bool insist;         /* also ask relays that are paused */
	bool resident;       /* what was said in one round is not repeated */
	bool verbose;
};

int courier_init(
    struct courier *c, const struct config *config, struct error *err);

/* Ends all sessions. */
void courier_release(struct courier *c);

/* Ends all sessions and forgets what failed: the next flush asks anew. */
void courier_rest(struct courier *c);

/* Is there one relay only, and that out of order for all? Then the next count
 * entries stay as well, without being looked at. */
bool courier_skip(struct courier *c, size_t count);

/*
 * Offers the message of an entry to its relay; fd is at its first byte, or,
 * when message_at is not negative, is put there, so that a session that was
 * closed since its last use can be opened again. t->results are filled.
 * As session_send(): -1 is the relay's fault, or the entry's when t->corrupt
 * or ERR_IO. 1: the relay had failed before, and nothing was tried; err says
 * why. *post is the relay, NULL when there is none for the sender.
 */
int courier_send(struct courier *c, const struct entry *e,
    struct transaction *t, off_t message_at, struct post **post,
    struct error *err);

/* What became of an entry. */
enum settled {
	SETTLED_FAILED = -1, /* the disk failed; err is set */
	SETTLED_SENT,        /* everybody has it; it is gone */
	SETTLED_KEPT,        /* the relay is out of order; tried again */
	SETTLED_DEFERRED,    /* put off for somebody; tried again */
	SETTLED_RETURNED,    /* not everybody has it, and a report to its sender
				is queued; it is gone */
	SETTLED_UNWANTED,    /* the same, but nobody wants a report */
	SETTLED_HELD,        /* the same, but there is no sender to tell; it
				waits for a person */
	SETTLED_REFUSED,     /* refused for all, and a caller hears of it */
	SETTLED_BROKEN,      /* moved aside */
};

/*
 * Delivers an open entry and settles it; err says what happened to all but
 * SETTLED_SENT. With give_back, one that is refused for all is removed without
 * a report, since a caller waits and hears of it (SETTLED_REFUSED).
 */
enum settled deliver_entry(struct courier *c, struct store *s,
    struct entry_file *f, bool give_back, struct error *err);

/* One line on stderr and in the log for each relay that failed: why, how many
 * messages stay, and until when. */
void courier_report(const struct courier *c);

#endif
