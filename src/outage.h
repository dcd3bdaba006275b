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
 * May the relay be asked now, for a message of uid? False after it failed,
 * while it is paused, and for all but the one who probes it when the pause is
 * over; err says why. Looks on disk once, for the first message. What is paused
 * for all is probed by processes that are trusted (process.h) alone, for 20
 * minutes.
 */
bool outage_allows(
    struct courier *c, struct post *post, uid_t uid, struct error *err);

/*
 * The relay failed with a message of uid: begins its pause, or makes it longer,
 * and sets post->until, not sooner than in least seconds (schedule_probe()).
 * What it answers to one user may be that one's doing, and that it cannot be
 * reached the doing of who started this process: so it is out of order for all
 * only if a trusted process could not reach it, or when a second user has had
 * the like.
 */
void outage_begin(struct courier *c, struct post *post, uid_t uid, time_t least,
    const struct error *why);

/* The same, where it is known until when: not longer. There is a store. */
void outage_wait(struct courier *c, struct post *post, uid_t uid, time_t until,
    const struct error *why);

/* The relay has answered: ends its pause, if there was one. */
void outage_end(struct courier *c, struct post *post);

/* Gives back the right to probe. */
void outage_forget(struct post *post);

#endif
