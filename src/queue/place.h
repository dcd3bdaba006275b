/* SPDX-License-Identifier: ISC */
/*
 * Where an entry lies: in queue/, or, while it is not due for some time, in
 * later/TIME/, where nobody looks before TIME. So what a flush costs depends
 * on what is due, and not on what waits. An entry is always in one place: it
 * is renamed, by whoever has it locked.
 */
#ifndef QUEUE_PLACE_H
#define QUEUE_PLACE_H

#include "base/error.h"
#include "queue/store.h"

#include <dirent.h>
#include <stdbool.h>
#include <time.h>

/* Folders are so many seconds apart; what is due sooner stays in queue/. */
#define PLACE_STEP ((time_t)15 * 60)

/* Nothing is put there that is due later than in so many seconds, but for what
 * waits for a person (STORE_NEVER). */
#define PLACE_AHEAD ((time_t)7 * 24 * 60 * 60)

/* Room for the name of an entry, from the queue's root. */
#define PLACE_SIZE (sizeof "later/4102444800/" + ENTRY_ID_SIZE)

/* The name of the entry id in a place, or, where id is "", of the place.
 * not_before is the TIME of a folder in later/; 0: queue/. */
void place_name(time_t not_before, const char *id, char name[PLACE_SIZE]);

/* Where an entry belongs that is to be tried at next. */
time_t place_for(time_t next, time_t now);

/*
 * The place behind *not_before, in order of time, that is to be looked into at
 * when. False: there is no other. An entry that moves meanwhile moves forward
 * (or is sent), so that whoever goes through all misses none; but may meet one
 * twice.
 */
bool place_next(struct store *s, time_t when, time_t *not_before);

/* Opens the folder; NULL: it cannot be, or is gone. */
DIR *place_list(struct store *s, time_t not_before);

/*
 * Opens an entry, wherever it is. *not_before is where it was last seen (0 if
 * that is not known), and then where it is. -1 with errno; ENOENT: nowhere.
 * id must be one.
 */
int place_open(struct store *s, const char *id, int flags, time_t *not_before);

/* Moves an entry; makes the folder that it needs. -1 with errno. */
int place_move(struct store *s, const char *id, time_t from, time_t to);

/*
 * Makes due what lies in folders for a time that a wrong clock has set: those
 * that were changed in what is the future now, or are further ahead than
 * anything is put. Each is renamed to a time that is long over.
 */
void place_mend(struct store *s, time_t now);

/* Is there anything for place_mend() to do? */
bool place_is_wrong(struct store *s, time_t now);

/* Removes folders that are empty and whose time is over. */
void place_tidy(struct store *s, time_t now);

/* Makes all removals durable. -1 with errno. */
int place_sync(struct store *s);

#endif
