/* SPDX-License-Identifier: ISC */
/*
 * Commands and replies over the stream of a session. Private to delivery/.
 * Every failure is the relay's, ERR_TEMPORARY, and ends the session.
 */
#ifndef DELIVERY_TALK_H
#define DELIVERY_TALK_H

#include "base/error.h"
#include "delivery/reply.h"
#include "delivery/session.h"

#include <stdint.h>

/* Reads one whole reply. */
int talk_listen(
    struct session *s, int64_t timeout_ms, struct reply *r, struct error *err);

/*
 * Nothing a server says before it was asked counts as an answer: -1 if it
 * did, with its words in r (r->code 0: none that can be understood).
 */
int talk_silence(struct session *s, struct reply *r, struct error *err);

/* Sends the command in s->out and reads its reply. */
int talk_ask(struct session *s, struct reply *r, struct error *err);

/* Returns -1 with what the relay said against itself, and before that why, if
 * it is not NULL: what that means. */
int talk_fault(const struct reply *r, const char *why, struct error *err);

#endif
