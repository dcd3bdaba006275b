/* SPDX-License-Identifier: ISC */
/*
 * Who gets a message by the aliases as they are now: before each attempt, so
 * that a file that was mended mends what waits. Where alias/ meets queue/ and
 * config/.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "alias/aliases.h"
#include "alias/expand.h"
#include "config/config.h"
#include "queue/entry.h"

#include <stddef.h>

/* What comes of it, besides records. */
struct resolution {
	char **trouble;   /* of each recipient that waits and cannot be sent to:
			     what is to be mended; NULL: of the others */
	size_t count;     /* of all recipients, by then */
	size_t discarded; /* whose alias is /dev/null alone */
};

/* Takes a record, and applies it to the entry (entry_apply()). */
typedef void resolve_note(void *context, const struct record *r);

/*
 * Looks up the recipients of e that wait and are local, and those that were
 * looked up before. What an alias stands for is added to e, once in all; what
 * it stands for no longer, and still waits, is dropped. An entry with nobody
 * waiting stays as it is. aliases: empty, or as it was left by this before.
 */
void resolve(struct resolution *r, struct entry *e, const struct config *c,
    struct aliases *aliases, resolve_note *note, void *context);

/*
 * The same for an entry that is in no queue, where all must be known or none:
 * ERR_CONFIG, which is the trouble of the first.
 */
int resolve_all(struct entry *e, const struct config *c,
    struct aliases *aliases, struct error *err);

void resolution_release(struct resolution *r);

/* What names are looked up in, once aliases is loaded. */
struct alias_scope resolve_scope(
    const struct config *c, const struct aliases *aliases);

/* Loads them, if the configuration has any. ERR_CONFIG. */
int resolve_load(
    struct aliases *aliases, const struct config *c, struct error *err);

#endif
