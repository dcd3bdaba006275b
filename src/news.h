/* SPDX-License-Identifier: ISC */
/*
 * What is new in queue/ for one relay, by the names there. Private to
 * due_new.c, which has how it is used.
 */
#ifndef NEWS_H
#define NEWS_H

#include "deliver.h"

#include <stdint.h>
#include <time.h>

struct watcher {
	struct courier *courier;
	struct store *store;
	struct post *post;
	char least[ENTRY_ID_SIZE];
	struct queued *seen; /* by id: what needs no second look */
	size_t seen_count;
	struct timespec changed; /* queue/, before it was looked through */
	bool steady;             /* and it was old enough then to tell of what
				    came behind */
	int64_t begun_ms;
	struct buf head, records; /* of the one that is looked at */
};

/* Is there nothing to be done for those who leave theirs to us? What one user
 * was answered is in the way of that one alone. */
bool news_is_stuck(const struct watcher *w);

/* Delivers what is new. False: there was nothing. */
bool news_deliver(struct watcher *w);

/* Has the folder changed since it was looked through? */
bool news_have_come(const struct watcher *w);

/* Is there anything new that would have been delivered? */
bool news_are_left(struct watcher *w);

#endif
