/* SPDX-License-Identifier: ISC */
/*
 * What became of a message at its relay, in the words of the queue's records
 * and for a person. Changes nothing, neither entry nor file.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "base/error.h"
#include "deliver.h"
#include "delivery/transaction.h"
#include "queue/entry.h"

#include <stddef.h>

/* The event that a record has for it; EVENT_UNKNOWN for OUTCOME_NONE. */
enum event outcome_event(enum outcome outcome);

/* How many recipients have that outcome? */
size_t outcome_count(const struct transaction *t, enum outcome outcome);

/*
 * Says in err what a person would want to know of an entry settled so: who did
 * not get it, and why; as many as the line can hold. ERR_TEMPORARY for
 * SETTLED_DEFERRED, else ERR_REFUSED. When all is settled it is about all who
 * did not get it, now or before, else about this transaction.
 */
void outcome_summarize(const struct entry *e, const struct transaction *t,
    enum settled settled, struct error *err);

#endif
