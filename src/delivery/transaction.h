/* SPDX-License-Identifier: ISC */
/* One message for one relay, and what becomes of each of its recipients. */
#ifndef DELIVERY_TRANSACTION_H
#define DELIVERY_TRANSACTION_H

#include "base/error.h"
#include "base/limits.h"
#include "base/span.h"
#include "delivery/verdict.h"
#include "message/envelope.h"

#include <stdbool.h>
#include <stdint.h>

/* What became of one recipient. */
struct result {
	enum outcome outcome;
	char *text;   /* of the relay, for this recipient alone; or NULL */
	bool asked;   /* it is, or was last, in a transaction */
	bool done;    /* it has the message: a transaction has ended well */
	bool no_dsn;  /* by a relay that does not offer DSN */
	bool crowded; /* deferred only since the transaction had no room, or the
			 relay no patience left */
};

struct transaction {
	const struct envelope *envelope;
	const char *domain;        /* for bare names; NULL: none */
	const bool *skip;          /* recipients already settled; NULL: none */
	struct span prefix;        /* the message up to where fd is */
	int fd;                    /* at the rest of it */
	int64_t size;              /* octets of all of the message */
	struct result *results;    /* one for each recipient, to be filled */
	char text[REPLY_TEXT_MAX]; /* what was said of all of it */
	bool mail_refused;         /* it was said to MAIL */
	const char *sender; /* in place of the envelope's; NULL: that one */
	char refusal[REPLY_TEXT_MAX]; /* what was said to MAIL before, with the
					 null sender; or "" */
	bool nested;  /* the relay said 503 (bad sequence), and it may have been
			 for what stood before it in the session; or it does
			 not know BDAT */
	bool offered; /* twice for that reason: not a third time */
	bool wary;    /* recipients are named only as fast as the relay bears
			 that all of them are refused */
	size_t vain;  /* rounds in which nobody got it, VAIN_ROUNDS_MAX */
	bool dsn;     /* the relay offers it, RFC 3461 */
	int pause;    /* what the verdict says, where the relay is at fault */
	bool corrupt; /* an address is none, or the message is not in wire
			 form: nothing was sent of the block in which that was
			 seen, and no end */
};

/* Prepares the results; fd and the rest are set by the caller. */
void transaction_init(struct transaction *t, const struct envelope *envelope);
void transaction_release(struct transaction *t);

/* Is recipient i to be named in the next transaction? */
bool transaction_wants(const struct transaction *t, size_t i);

/* Has the relay accepted recipient i in this transaction, and said nothing else
 * about it since? */
bool transaction_is_taken(const struct transaction *t, size_t i);

/*
 * Is it to be offered once more at once, fd at its first byte again? Then it
 * is made ready: to those recipients for whom there was no room, while each
 * transaction settles somebody; or to all, once, when it was refused for what
 * stood before it in the session, or for BDAT.
 */
bool transaction_again(struct transaction *t);

/*
 * The relay has left in the middle of it. Is it to be offered at once in a new
 * session, to those who are left, warily? While each session settles somebody;
 * and once, where so many were named that the relay may have left for that, and
 * its answers were lost. Then it is made ready as above.
 */
bool transaction_resume(struct transaction *t);

/* The message has been taken for all that were accepted for now. */
void transaction_deliver(struct transaction *t, const char *text);

/* What was said at the end of the message to recipient i alone. */
void transaction_end_one(
    struct transaction *t, size_t i, enum outcome outcome, const char *text);

/* Forgets what was said of those who were in the last transaction. */
void transaction_recall(struct transaction *t);

/* Those words that fit recipient i best; never NULL. */
const char *transaction_text(const struct transaction *t, size_t i);

/* The session is at its end: what was accepted for now counts for nothing. True
 * when there is a recipient without an outcome. */
bool transaction_abandon(struct transaction *t);

/* Gives one outcome to all recipients that have none that is final. */
void transaction_settle(
    struct transaction *t, enum outcome outcome, const char *text);

/* Forgets all outcomes of a refusal to MAIL, to offer it as from sender. */
void transaction_again_as(struct transaction *t, const char *sender);

/*
 * Judges a reply that is about the whole message. 1: go on; 0: settled; -1:
 * the relay is at fault, err says how.
 */
int transaction_judge(struct transaction *t, enum phase phase,
    const struct reply *r, struct error *err);

#endif
