/* SPDX-License-Identifier: ISC */
/*
 * A dialogue with a relay: transactions over one stream, as many of them under
 * way at a time as the relay's capabilities allow.
 *
 * With CHUNKING and PIPELINING (RFC 3030, 2920) a small message leaves as a
 * whole, and the next right behind it; a larger one, or one to so many that the
 * relay may hang up upon those that it refuses, waits for the answers to its
 * envelope. With PIPELINING alone the body of one message and the envelope
 * of the next go together, behind 354. Else each command is answered before
 * the next (RFC 5321 3.3).
 *
 * By LMTP (RFC 2033) the end of a message has a reply for each recipient that
 * was taken, and for nobody there is none. So only an envelope goes as a whole:
 * its body waits until it is known for whom it is, and the next envelope until
 * all of these replies are there, or one that never comes would be taken from
 * the next message.
 */
#ifndef DELIVERY_SESSION_H
#define DELIVERY_SESSION_H

#include "base/buf.h"
#include "base/error.h"
#include "delivery/reply.h"
#include "delivery/stream.h"
#include "delivery/transaction.h"

#include <stdbool.h>
#include <stdint.h>

enum mode {
	MODE_LOCKSTEP,
	MODE_AHEAD,  /* the next envelope behind the body before it */
	MODE_STREAM, /* everything without waiting */
};

/* A reply that is to come (asked.h). */
struct asked;

/* A transaction under way (flight.h). */
struct flight;

struct session {
	struct stream *stream;
	struct capabilities caps;
	enum mode mode;
	bool lmtp;
	int64_t timeout_ms; /* of one step */

	/* How much may be unanswered at a time, beside what it bears. */
	size_t window;
	int64_t window_octets;

	/* In a transaction, at most. What it takes is learned. */
	size_t rcpt_max;

	/* It has announced CHUNKING, and does not know BDAT. Learned. */
	bool no_chunks;

	bool lost;   /* at its end; not even QUIT is worth saying */
	bool parted; /* since the relay has left, or the connection broke */

	/* Private to delivery/. */
	struct buf out;     /* to be sent, in as few writes as possible */
	uint64_t sent;      /* octets so far */
	struct buf body;    /* of a small message */
	struct buf in;      /* come, and not yet a whole line */
	struct reply reply; /* coming in */
	struct asked *asked;
	size_t asked_first, asked_count, asked_size;
	int64_t since; /* the oldest of them is waited for since then */
	struct flight *first, *last;
	struct flight *open; /* its body waits for the answer to DATA */
	size_t unanswered;   /* transactions under way */
	int64_t unanswered_octets;
	size_t good;        /* messages taken in a row, without an error */
	size_t errors;      /* since a message was taken */
	size_t risk;        /* errors that these can be */
	size_t failures;    /* transactions of which no message was taken */
	bool fresh;         /* no transaction can be open at the relay */
	bool chunked;       /* it has shown that it knows BDAT */
	bool ending;        /* nothing more is sent; fault says why */
	bool left;          /* the relay has: nothing behind is done */
	int64_t drain_end;  /* then it is listened to no longer than this */
	struct error fault; /* what ended it */
};

/* Connects and logs in, as stream_open(). */
int session_open(
    struct session *s, const struct stream_options *options, struct error *err);

/* Right after it was opened: by DATA only. */
void session_avoid_chunks(struct session *s);

/* Says QUIT, does not wait for the answer, and closes. No transaction may be
 * under way any more. */
void session_close(struct session *s);

/*
 * Offers the message to the relay, and returns with it under way, or settled,
 * or in vain: session_next() will say. t, and all that it points to, must stay
 * until then. Waits only as long as the window is full, or for what the relay
 * must say first.
 */
void session_push(struct session *s, struct transaction *t);

/* Refuses the relay so much in a row that it may hang up? What is under way is
 * to be awaited, and if that does not change it, the session to be closed. */
bool session_is_strained(const struct session *s);

/*
 * Takes back the oldest transaction, when it has come to its end; with wait,
 * it is waited for, and also when the session is at its end: what has been
 * sent whole may still be answered. 0: there is none.
 *
 * 1: every recipient not skipped has its outcome. -1: the relay is at fault,
 * or the message (t->corrupt, or err is ERR_IO); err says how; outcomes that
 * were final by then, or are in doubt, are set, the others stay OUTCOME_NONE.
 * Then s->lost is set, unless nothing of the message was sent.
 */
int session_next(
    struct session *s, bool wait, struct transaction **t, struct error *err);

#endif
