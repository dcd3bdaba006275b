/* SPDX-License-Identifier: ISC */
/*
 * Commands out, replies in, each the answer to the oldest command that has none
 * yet (asked.h). Private to delivery/.
 *
 * A reply that nothing has asked for, or that comes before its command has
 * left, ends the session and counts for nothing; but what is said against a
 * message in the middle of its body does.
 *
 * What returns -1 says that nothing more can be sent (s->ending, s->fault).
 */
#ifndef DELIVERY_TALK_H
#define DELIVERY_TALK_H

#include "delivery/session.h"

#include <stddef.h>
#include <stdint.h>

/* Where the end of s->out stands in all that is sent. */
uint64_t talk_place(const struct session *s);

/* Sends all of s->out, and hears meanwhile what is said. */
int talk_flush(struct session *s);

/* The same, and waits until all replies but count have come. */
int talk_hear(struct session *s, size_t count);

/* After the session's fault: waits for what has been sent whole, as long as
 * there is something to wait for, and loses the rest. */
void talk_end(struct session *s);

#endif
