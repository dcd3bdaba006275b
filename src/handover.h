/* SPDX-License-Identifier: ISC */
/* From the front to the helpers: a finished message leaves this process. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include "base/error.h"
#include "submission.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Hands the entry to the store. The store's exit code: 0, and it is durably
 * queued under id; else nothing was kept, and the store has said why. -1 with
 * err likewise.
 *
 * In the foreground nobody else takes it for some seconds, so that the outcome
 * comes to the caller. *seen_to: it needs no attempt, since it is only queued,
 * or those who have the slots of its relay send it.
 */
int handover_queue(struct submission *s, enum delivery_mode mode, char *id,
    size_t size, bool *seen_to, struct error *err);

/* Hands the entry to delivery, past the queue. As handover_queue(). */
int handover_direct(struct submission *s, struct error *err);

/*
 * Starts the first attempt for a queued message. It is ours by now, so
 * whatever becomes of it, the exit code is 0; but for a foreground one that
 * the relay refused for good.
 */
int handover_attempt(struct submission *s, const char *id, bool foreground);

#endif
