/* SPDX-License-Identifier: ISC */
/*
 * A dialogue with a relay: transactions over one stream, one after another,
 * each command answered before the next (RFC 5321 3.3).
 */
#ifndef DELIVERY_SESSION_H
#define DELIVERY_SESSION_H

#include "base/buf.h"
#include "base/error.h"
#include "delivery/stream.h"
#include "delivery/transaction.h"

#include <stdbool.h>
#include <stdint.h>

struct session {
	struct stream *stream;
	struct capabilities caps;
	int64_t timeout_ms; /* of one step */
	struct buf in;      /* come, and not yet a whole reply */
	struct buf out;     /* to be sent in one flight */
	bool fresh;         /* no transaction was left unfinished */
	bool lost;          /* at its end; not even QUIT is worth saying */
};

/* Connects and logs in, as stream_open(). */
int session_open(
    struct session *s, const struct stream_options *options, struct error *err);

/* Says QUIT, does not wait for the answer, and closes. */
void session_close(struct session *s);

/*
 * Offers the message to the relay. 0: every recipient not skipped has its
 * outcome, and the session can go on. -1: the relay is at fault (err says
 * how) and the session is at its end; outcomes that were final by then, or
 * are in doubt, are set, the others stay OUTCOME_NONE.
 */
int session_send(struct session *s, struct transaction *t, struct error *err);

#endif
