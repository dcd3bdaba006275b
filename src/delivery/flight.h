/* SPDX-License-Identifier: ISC */
/* A transaction under way. Private to delivery/. */
#ifndef DELIVERY_FLIGHT_H
#define DELIVERY_FLIGHT_H

#include "base/error.h"
#include "delivery/reply.h"
#include "delivery/session.h"

#include <stdbool.h>
#include <stdint.h>

struct flight {
	struct flight *next;
	struct transaction *t;
	uint64_t end;    /* where its last octet stands in all that is sent;
			    0: not yet known */
	size_t asked;    /* recipients, */
	size_t answered; /* of these, */
	size_t accepted; /* and of these */
	size_t ended;    /* by LMTP: so many of these have their reply */
	size_t risk;     /* errors that it can be */
	bool behind;     /* others were under way when it began */
	bool failed;     /* what else is said of it counts for nobody */
	bool settled;    /* DATA has been answered, */
	bool go;         /* with 354 */
	bool taken;      /* the relay has the message */
	bool done;       /* can be taken back: */
	int rc;
	struct error err; /* of rc -1 */
};

/* So many errors it can be: of each recipient, and of the end. */
size_t flight_risk(const struct transaction *t);

/* One more, at the end of all. */
struct flight *flight_begin(struct session *s, struct transaction *t);

/* It has come to its end. */
void flight_done(struct session *s, struct flight *f);

/* Is there somebody who would get the message? */
bool flight_is_wanted(const struct flight *f);

/* No more is sent, for that reason. */
void flight_end_session(struct session *s, const struct error *err);

/* The relay, or the message, is at fault; err is copied. No more is sent. */
void flight_fault(struct session *s, struct flight *f, const struct error *err);

/* All was sent, and nobody knows: err is copied. */
void flight_doubt(struct session *s, struct flight *f, const struct error *err);

/* The session is at its end, and with it all that is under way. s->fault says
 * why. */
void flight_lose_all(struct session *s);

/* Is there one that waits only for the reply to its end? */
bool flight_is_awaited(const struct session *s);

/* Takes out the oldest, which is done, and frees it. As session_next(). */
int flight_take(struct session *s, struct transaction **t, struct error *err);

#endif
