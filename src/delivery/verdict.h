/* SPDX-License-Identifier: ISC */
/*
 * What a reply means: for whom, and whether for good. One table, so that the
 * policy can be read in one place and tested row by row.
 */
#ifndef DELIVERY_VERDICT_H
#define DELIVERY_VERDICT_H

#include "delivery/reply.h"

#include <stdbool.h>

/* The command that a reply answers. */
enum phase {
	PHASE_LOGIN, /* greeting, EHLO, STARTTLS, AUTH */
	PHASE_MAIL,
	PHASE_RCPT,
	PHASE_DATA,
	PHASE_END,  /* the end of the message's data */
	PHASE_EACH, /* the same, of one recipient (RFC 2033 4.2) */
};

enum outcome {
	OUTCOME_NONE,     /* nothing learned; as before */
	OUTCOME_ACCEPTED, /* go on; at PHASE_END and PHASE_EACH:
			     delivered */
	OUTCOME_DEFERRED,
	OUTCOME_REFUSED,
	OUTCOME_IN_DOUBT, /* all was sent, and the reply is not known */
};

enum scope {
	SCOPE_RECIPIENT,
	SCOPE_MESSAGE,
	SCOPE_RELAY, /* says nothing about the message: keep it, stop here */
};

struct verdict {
	enum scope scope;
	enum outcome outcome;
	const char *why; /* of SCOPE_RELAY, for a person; NULL: the reply says
			    it all */
	int pause; /* of SCOPE_RELAY: seconds for which it is to be left alone
		      at least; 0: as any other fault */
	bool crowded; /* of SCOPE_RECIPIENT: only because the transaction has
			 too many (RFC 5321 4.5.3.1.10) */
};

/*
 * The verdict of the first row that fits. Words of the reply count only
 * outside of addresses, which a caller can choose. A code that cannot answer
 * that command is the relay's fault, and defers.
 */
struct verdict verdict_of(enum phase phase, const struct reply *r);

#endif
