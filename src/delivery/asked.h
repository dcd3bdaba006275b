/* SPDX-License-Identifier: ISC */
/*
 * Which reply belongs to which command: a queue of those that are to come, the
 * oldest first (RFC 2920 3.1). Private to delivery/.
 */
#ifndef DELIVERY_ASKED_H
#define DELIVERY_ASKED_H

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

/* A reply is to come once all before place has left. */
void asked_add(struct session *s, enum command command, struct flight *f,
    size_t rcpt, uint64_t place);

/* The same of the end of the body; by LMTP one for each who was accepted. */
void asked_add_end(struct session *s, struct flight *f, uint64_t place);

/* The end was expected with UINT64_MAX, its place not being known. */
void asked_end_due(struct session *s, uint64_t place);

/* The one that comes next, and the one that comes last; NULL: none is to come.
 */
const struct asked *asked_next(const struct session *s);
const struct asked *asked_last(const struct session *s);

/* Has the command of the next left? */
bool asked_is_awaited(const struct session *s);

/* How long it may take, in ms. */
int64_t asked_patience(const struct session *s);

/* It has come. */
struct asked asked_take(struct session *s);

#endif
