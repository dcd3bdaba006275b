/* SPDX-License-Identifier: ISC */
/* What is done about a reply, by the command that it answers. Private to
 * delivery/. */
#ifndef DELIVERY_ANSWER_H
#define DELIVERY_ANSWER_H

#include "delivery/asked.h"
#include "delivery/reply.h"

/* The reply to a, whose command has left. */
void answer_take(
    struct session *s, const struct asked *a, const struct reply *r);

/* The same, where that ended a message. Private to answer.c. */
void answer_end(
    struct session *s, const struct asked *a, const struct reply *r);

/* A reply before it was asked for. a: the next that is to come, or NULL. */
void answer_early(
    struct session *s, const struct asked *a, const struct reply *r);

#endif
