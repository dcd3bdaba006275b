/* SPDX-License-Identifier: ISC */
/*
 * How many recipients a relay was given in the last minute, hour or day: a
 * small file in relays/, kept from one run to the next, for all users together,
 * since the relay counts them together. The form is in pillarbox-queue(5).
 *
 * It is no promise but a courtesy: what is lost or broken counts as nothing
 * sent, and nothing is synced, for the relay itself keeps the true count.
 */
#ifndef QUEUE_RATE_H
#define QUEUE_RATE_H

#include "base/quota.h"
#include "queue/store.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Each time is counted in so many parts, so that what is over leaves part by
 * part; never too early. */
#define RATE_PARTS 32

struct rate_part {
	int64_t number; /* of the part, since 1970 */
	int64_t count;
};

struct rate_window {
	struct quota quota;
	struct rate_part part[RATE_PARTS + 2]; /* oldest first */
	size_t part_count;
};

/* Forgets what is over at now, or is ahead of it. */
void rate_age(struct rate_window *w, time_t now);

/* When is there room for so many more? now, or later. More than the quota has
 * room where nothing is counted. */
time_t rate_room(const struct rate_window *w, int64_t more, time_t now);

void rate_add(struct rate_window *w, int64_t more, time_t now);

/*
 * Counts more recipients, if all quotas (at most QUOTA_COUNT_MAX) have room for
 * them, or if force is set. False: *full is the one that has none for the
 * longest time, and *until when it will; nothing is counted.
 */
bool rate_take(struct store *s, const char *relay, const struct quota *quotas,
    size_t count, int64_t more, bool force, size_t *full, time_t *until);

#endif
