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
#include "delivery/session.h"
#include "queue/store.h"

#include <stdbool.h>
#include <stddef.h>

/* What this process has with one relay. */
struct post {
	const struct relay *relay;
	struct session session;
	struct buf password;
	bool open;
	bool used;   /* the session has carried a message */
	bool failed; /* out of order: what is for it stays queued */
	size_t kept; /* messages that stay for that reason, counted by
			deliver_entry() */
	struct error why;
};

struct courier {
	const struct config *config;
	struct post *posts; /* one for each relay of the configuration */
	bool verbose;
};

int courier_init(
    struct courier *c, const struct config *config, struct error *err);

/* Ends all sessions. */
void courier_release(struct courier *c);

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
	SETTLED_HELD,        /* refused for some; waits for a person */
	SETTLED_REFUSED,     /* refused for all */
	SETTLED_BROKEN,      /* moved aside */
};

/*
 * Delivers an open entry and settles it; err says what happened to all but
 * SETTLED_SENT. With give_back, one that is refused
 * for all is removed rather than held, since a caller waits and hears of it
 * (SETTLED_REFUSED).
 */
enum settled deliver_entry(struct courier *c, struct store *s,
    struct entry_file *f, bool give_back, struct error *err);

/* Prints one line on stderr for each relay that failed. */
void courier_report(const struct courier *c);

#endif
