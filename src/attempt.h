/* SPDX-License-Identifier: ISC */
/* The first attempt for a message, as the front starts it. Private to
 * handover.c; handover_attempt() is here as well. */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include "handover.h"

/* Can this process start delivery? Else whoever serves the socket sends it. */
bool attempt_can(const struct submission *s);

/* The arguments that every helper of this call gets, behind argv[0]; returns
 * the number of the next one. */
size_t attempt_arguments(const struct submission *s, const char **argv);

/* Starts delivery for a message that is being queued: it takes as long to load
 * as the store to write. Where that fails it is started by
 * handover_attempt(). */
void attempt_begin(struct submission *s);

/* The message was not queued. */
void attempt_call_off(struct submission *s);

#endif
