/* SPDX-License-Identifier: ISC */
/*
 * Messages on their way to relays, as many at a time as each session takes.
 * A session that is lost after it has carried something, or settled somebody,
 * is no fault yet: what was under way, and nothing is known of, is offered
 * again in a new one. What a new session loses as the first is the relay's
 * fault, and its pause begins.
 */
#ifndef PARCEL_H
#define PARCEL_H

#include "base/error.h"
#include "deliver.h"
#include "message/spool.h"
#include "rewrite.h"

#include <stdbool.h>
#include <sys/types.h>

struct parcel {
	const struct entry *entry;
	struct transaction t;
	off_t message_at; /* where it begins in its file; -1: it cannot be
			     read twice, and is not offered again */

	/* Set when it comes back. */
	struct post *post; /* its relay; NULL: there is none for the sender */
	struct peer peer;  /* the post's by then; it may have a new session
			      before this is logged */
	int rc;            /* 0 and -1 as of session_next(), the fault being
			      the message's when t.corrupt, or err is ERR_IO;
			      1: the relay had failed before; not tried */
	struct error err;  /* unless rc is 0 */
	bool unreached;    /* it was not offered: no session, or no login */

	/* Private. */
	struct parcel *next;
	bool counted; /* its recipients are, by allowance_take() */
	struct rewrite rewrite;
	struct spool spool; /* as the relay takes it */
	int fd;
	int64_t size;
};

/* fd and size of p->t, and skip, are set by the caller. */
void parcel_init(struct parcel *p, const struct entry *e, off_t message_at);
void parcel_release(struct parcel *p);

/* Takes p on its way; it stays the caller's, and must stay, until it comes
 * back. Waits while the window of the session is full. */
void parcel_push(struct courier *c, struct parcel *p);

/* One that has come back; with wait, the next one does. NULL: none. */
struct parcel *parcel_next(struct courier *c, bool wait);

#endif
