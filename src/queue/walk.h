/* SPDX-License-Identifier: ISC */
/* Through all places where entries are; see store_names() and store_due(). */
#ifndef QUEUE_WALK_H
#define QUEUE_WALK_H

#include "queue/store.h"

#include <dirent.h>
#include <stdbool.h>

struct walk {
	struct store *store;
	time_t when;
	time_t not_before; /* the place that is being looked through */
	DIR *folder;       /* NULL between two */
};

/* Begins with queue/; goes on to those of later/ that may be looked into at
 * when. ERR_IO: there is no queue. */
int walk_begin(struct walk *w, struct store *s, time_t when, struct error *err);

/* The next name that is an id, in no order: 1; 0: there is none. Its time is
 * left to be asked for. ERR_IO: there may be others, which cannot be seen. */
int walk_next(struct walk *w, struct queued *q, struct error *err);

/* Fills in the time of the next attempt; 0, due at once, if it cannot be known:
 * whoever opens the entry will see. False: it is gone meanwhile. */
bool walk_time(const struct walk *w, struct queued *q);

void walk_end(struct walk *w);

#endif
