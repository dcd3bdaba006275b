/* SPDX-License-Identifier: ISC */
/* One entry with its message, to be looked at without a lock. */
#ifndef QUEUE_LOOK_H
#define QUEUE_LOOK_H

#include "base/buf.h"
#include "base/error.h"
#include "queue/store.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct look {
	int fd;
	struct stat st;
	struct buf head, records; /* as they stand in the file */
	int64_t size;             /* of the message, which is behind head */
};

/*
 * Opens an entry; id is checked. ERR_DATA: it is no entry, as err says;
 * ERR_IO. 1: it is gone. look_close() is for all three results.
 */
int look_open(
    struct look *l, struct store *s, const char *id, struct error *err);
void look_close(struct look *l);

/* May reader see it? Root may see all, others what they sent. */
bool look_is_for(const struct look *l, uid_t reader);

/*
 * Hands on the message, piece by piece, while take() returns 0. ERR_IO,
 * ERR_DATA when it is cut short, or what take() returned.
 */
typedef int look_take(void *context, struct span piece, struct error *err);
int look_message(
    const struct look *l, look_take *take, void *context, struct error *err);

/*
 * Reads the entry id through: rights of the file, head, message, whether that
 * is in wire form, and records. 0 also when it is gone meanwhile. ERR_DATA:
 * what is wrong; a torn end, as a crash leaves it, is not. ERR_IO.
 */
int look_verify(struct store *s, const char *id, struct error *err);

#endif
