/* SPDX-License-Identifier: ISC */
/* What happened to an entry, written down in its records. */
#ifndef NOTE_H
#define NOTE_H

#include "base/error.h"
#include "delivery/transaction.h"
#include "queue/store.h"

#include <stdbool.h>

/* One record about all of the message, not synced. ERR_IO. */
int note_event(struct entry_file *f, enum event event, const char *relay,
    const char *text, struct error *err);

/*
 * An attempt at the relay and what became of each recipient, not synced.
 * trouble: what was wrong with the relay, or "". ERR_IO.
 */
int note_attempt(struct entry_file *f, const struct transaction *t,
    const char *relay, const char *trouble, struct error *err);

/* Has recipient i got it from a relay that will not tell, while the sender
 * wants to be told of success? */
bool note_is_relayed(const struct transaction *t, size_t i);

#endif
