/* SPDX-License-Identifier: ISC */
/* What a reply holds against a message or the relay, whatever it answers.
 * Private to delivery/. */
#ifndef DELIVERY_JUDGE_H
#define DELIVERY_JUDGE_H

#include "delivery/asked.h"

#include <stdbool.h>

/* The relay is about to close: nothing is done of what comes behind, unless it
 * says so (answer_take()). */
void judge_leave(struct session *s);

/* The relay is at fault with f; why: what its words mean, or NULL. It goes on
 * to answer what it has, if it is in step still. */
void judge_fault(struct session *s, struct flight *f, const struct reply *r,
    const char *why);

/*
 * Of a transaction that has failed, or that nobody is left in: what is said
 * of it means nothing, as long as it can be an answer to that.
 */
void judge_ignore(
    struct session *s, const struct asked *a, const struct reply *r);

/* 503 is "bad sequence of commands": of ours, if others were before it. */
void judge_sequence(struct flight *f, const struct reply *r);

/* A reply about all of the message; true: go on. */
bool judge_whole(struct session *s, struct flight *f, enum phase phase,
    const struct reply *r);

#endif
