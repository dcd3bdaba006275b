/* SPDX-License-Identifier: ISC */
/*
 * How many sessions there are with a relay at a time, and who of the processes
 * that come and go sees to what is new: small files in relays/, of each user
 * who calls, with locks that the kernel frees. Of each user, since a process
 * can be frozen by who started it, and must not shut out others.
 *
 * A slot has two locks. The session: somebody talks with the relay. The watch:
 * somebody looks into queue/ after having given it up, so that whoever finds
 * all watches taken can leave what it has queued.
 *
 * Slots are a help: where they cannot be had, nobody waits and nothing stops.
 */
#ifndef QUEUE_SLOT_H
#define QUEUE_SLOT_H

#include "queue/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum slot {
	SLOT_TAKEN,   /* *fd has it, until it is closed */
	SLOT_BUSY,    /* others have all */
	SLOT_UNKNOWN, /* the folder or the files are not to be had */
};

/*
 * Takes the watch and the session of one of count slots. Where all sessions are
 * of those who do not watch, waits for one, at most patience_ms, and then goes
 * on with the watch alone; only one process waits for each slot.
 */
enum slot slot_watch(struct store *s, const char *relay, uid_t uid,
    size_t count, int64_t patience_ms, int *fd);

/* Are all watches taken, so that what is in queue/ by now will be seen? */
bool slot_is_watched(
    struct store *s, const char *relay, uid_t uid, size_t count);

/* Takes the session of one that is free; never waits. */
enum slot slot_pass(
    struct store *s, const char *relay, uid_t uid, size_t count, int *fd);

/* The right to flush: one process of a user at a time has it. */
enum slot slot_flush(struct store *s, const char *relay, uid_t uid, int *fd);

/* The file RELAY:WHAT of relays/, made if it is missing, for reading and
 * writing; -1: it is not to be had. */
int slot_open_file(struct store *s, const char *relay, const char *what);

/* The same, if it is there. */
int slot_find_file(struct store *s, const char *relay, const char *what);

#endif
