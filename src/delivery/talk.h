/* SPDX-License-Identifier: ISC */
/*
 * Commands out, replies in, and which belongs to which: a queue of the replies
 * that are to come, the oldest first (RFC 2920 3.1). Private to delivery/.
 *
 * A reply that nothing has asked for, or that comes before its command has
 * left, ends the session and counts for nothing; but what is said against a
 * message in the middle of its body does.
 *
 * What returns -1 says that nothing more can be sent (s->ending, s->fault).
 */
#ifndef DELIVERY_TALK_H
#define DELIVERY_TALK_H

#include "delivery/flight.h"
#include "delivery/session.h"

#include <stddef.h>
#include <stdint.h>

enum command {
	COMMAND_RSET,
	COMMAND_MAIL,
	COMMAND_RCPT,
	COMMAND_DATA,
	COMMAND_END, /* of the body, by a dot or by BDAT LAST */
};

struct asked {
	struct flight *flight;
	size_t rcpt;    /* of COMMAND_RCPT; by LMTP of COMMAND_END, too */
	uint64_t place; /* in all that is sent, behind the command */
	enum command command;
};

/* Where the end of s->out stands in all that is sent. */
uint64_t talk_place(const struct session *s);

/* A reply is to come once all before place has left. */
void talk_expect(struct session *s, enum command command, struct flight *f,
    size_t rcpt, uint64_t place);

/* The same of the end of the body; by LMTP one for each who was accepted. */
void talk_expect_end(struct session *s, struct flight *f, uint64_t place);

/* The end was expected with UINT64_MAX, its place not being known. */
void talk_end_due(struct session *s, uint64_t place);

/* Sends all of s->out, and hears meanwhile what is said. */
int talk_flush(struct session *s);

/* The same, and waits until all replies but count have come. */
int talk_hear(struct session *s, size_t count);

/* After the session's fault: waits for what has been sent whole, as long as
 * there is something to wait for, and loses the rest. */
void talk_end(struct session *s);

#endif
