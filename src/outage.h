/* SPDX-License-Identifier: ISC */
/*
 * Relays that are out of order: when they are asked again, and what is said
 * of them. A courier without a store (nothing is queued) remembers nothing.
 */
#ifndef OUTAGE_H
#define OUTAGE_H

#include "base/error.h"
#include "deliver.h"

#include <stdbool.h>

/*
 * May the relay be asked now? False while it is paused, and for all but the
 * one who probes it when the pause is over; err says why. Looks on disk once,
 * for the first message.
 */
bool outage_allows(struct courier *c, struct post *post, struct error *err);

/* The relay failed, as post->why says: begins its pause, or makes it longer,
 * and sets post->until. */
void outage_begin(struct courier *c, struct post *post);

/* The relay has answered: ends its pause, if there was one. */
void outage_end(struct courier *c, struct post *post);

/* Gives back the right to probe. */
void outage_forget(struct post *post);

#endif
