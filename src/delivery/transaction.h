/* SPDX-License-Identifier: ISC */
/* One message for one relay, and what becomes of each of its recipients. */
#ifndef DELIVERY_TRANSACTION_H
#define DELIVERY_TRANSACTION_H

#include "base/error.h"
#include "base/limits.h"
#include "delivery/verdict.h"
#include "message/envelope.h"

#include <stdbool.h>
#include <stdint.h>

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
	bool mail_refused;         /* it was said to MAIL */
	const char *sender; /* in place of the envelope's; NULL: that one */
	char refusal[REPLY_TEXT_MAX]; /* what was said to MAIL before, with the
					 envelope's sender; or "" */
	int pause;    /* what the verdict says, where the relay is at fault */
	bool corrupt; /* an address is none, or the message is not in wire
			 form: nothing was sent of the block in which that was
			 seen, and no end */
};

/* Prepares the results; fd and the rest are set by the caller. */
void transaction_init(struct transaction *t, const struct envelope *envelope);
void transaction_release(struct transaction *t);

/* Those words that fit recipient i best; never NULL. */
const char *transaction_text(const struct transaction *t, size_t i);

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
