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
#include "delivery/verdict.h"
#include "message/envelope.h"

#include <stdbool.h>
#include <stdint.h>

struct session {
	struct stream *stream;
	struct capabilities caps;
	int64_t timeout_ms; /* of one step */
	struct buf in;      /* come, and not yet a whole reply */
	struct buf out;     /* to be sent in one flight */
	bool fresh;         /* no transaction was left unfinished */
};

/* Connects and logs in, as stream_open(). */
int session_open(
    struct session *s, const struct stream_options *options, struct error *err);

/* Says QUIT, does not wait for the answer, and closes. */
void session_close(struct session *s);

/* What became of one recipient. */
struct result {
	enum outcome outcome;
	char *text; /* of the relay, for this recipient alone; or NULL */
};

struct transaction {
	const struct envelope *envelope;
	const char *domain;        /* for bare names; NULL: none */
	const bool *skip;          /* recipients already settled; NULL: none */
	int fd;                    /* at the message's first byte */
	int64_t size;              /* octets of the message */
	struct result *results;    /* one for each recipient, to be filled */
	char text[REPLY_TEXT_MAX]; /* what was said of all of it */
	bool corrupt; /* the message is not in wire form: nothing was sent of
			 the block in which that was seen, and no end */
};

/* Prepares the results; fd and the rest are set by the caller. */
void transaction_init(struct transaction *t, const struct envelope *envelope);
void transaction_release(struct transaction *t);

/* Those words that fit recipient i best; never NULL. */
const char *transaction_text(const struct transaction *t, size_t i);

/*
 * Offers the message to the relay. 0: every recipient not skipped has its
 * outcome, and the session can go on. -1: the relay is at fault (err says
 * how) and the session is at its end; outcomes that were final by then, or
 * are in doubt, are set, the others stay OUTCOME_NONE.
 */
int session_send(struct session *s, struct transaction *t, struct error *err);

#endif
