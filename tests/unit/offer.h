/* SPDX-License-Identifier: ISC */
/* Messages offered to the relay of fake_stream.h, and what becomes of them. */
#ifndef OFFER_H
#define OFFER_H

#include "delivery/session.h"
#include "fake_stream.h"

#define ALICE "MAIL FROM:<alice@example.com>"
#define BOB "RCPT TO:<bob@example.net>"
#define CAROL "RCPT TO:<carol@example.net>"
#define MESSAGE "Subject: x\r\n\r\n.dot\r\n"
#define OFFER_TIMEOUT_MS 30000

/* One offer at a time. Before offer_begin() a test may change what it wants
 * of the first three. */
extern struct offer {
	struct envelope envelope; /* from alice to bob and carol */
	struct recipient rcpt[2];
	struct relay relay;
	struct capabilities caps; /* of the relay */
	size_t chunk;             /* see fake_stream.h */
	const char *domain;       /* see struct transaction */
	const bool *skip;
	struct session session;
	struct transaction t; /* the last */
	struct error err;     /* of it */
} offer;

/* Setup and teardown of a test. */
int offer_set_up(void **state);
int offer_tear_down(void **state);

/* Starts the script and opens the session, which must succeed. */
void offer_begin(const struct fake_step *steps, size_t n);

/*
 * Sends a file of that content, of whose octets size belong to the message.
 * "0 +x": what offer_again() gave, and the outcome of each recipient: 0
 * none, + accepted, - deferred, x refused, ? in doubt.
 */
const char *offer_file(struct span content, size_t size);

/* The same for MESSAGE; a failure must be the relay's. */
const char *offer_message(void);

/* The last one once more: 0, or -1 as session_next(). */
int offer_again(struct error *err);

/* Closes the session; the script may be asked how it went. */
void offer_end(void);

#endif
