/* SPDX-License-Identifier: ISC */
/*
 * What waits in the queue, as the store hands it over and one entry at a time:
 * read by everything in the front that looks at the queue.
 */
#ifndef BACKLOG_H
#define BACKLOG_H

#include "base/error.h"
#include "cli/listing.h"
#include "config/config.h"
#include "gate.h"
#include "queue/pause.h"

#include <stdbool.h>
#include <stdio.h>

struct backlog {
	const struct config *config;
	struct gate gate;
	FILE *from; /* behind the only entry of backlog_show(): its message */
	bool only;
	struct paused *pauses; /* known before the first entry */
	size_t *waiting;       /* of each, how many entries so far go there */
	size_t pause_count;
	struct buf head, records;
	struct entry entry; /* the last one handed over */
};

/*
 * Begins to read all that the caller may see, oldest first, or one entry.
 * Without a queue there is nothing. -1 with err, and nothing to close.
 */
int backlog_open(
    struct backlog *b, const struct config *config, struct error *err);
int backlog_show(struct backlog *b, const struct config *config, const char *id,
    struct error *err);

/*
 * The next entry: 1 with *l, valid until the next call; 0: there are no more.
 * One that is corrupt is passed over, as the store has not looked through it;
 * but an only one is ERR_DATA. ERR_IO.
 */
int backlog_next(struct backlog *b, struct listed *l, struct error *err);

/* The store's exit code, of which the caller has been told if it is not 0; or
 * -1 with err. */
int backlog_close(struct backlog *b, struct error *err);

#endif
