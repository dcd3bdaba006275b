/* SPDX-License-Identifier: ISC */
/* What the disk of the queue has left, and for whom. Private to queue/. */
#ifndef QUEUE_ROOM_H
#define QUEUE_ROOM_H

#include "base/error.h"
#include "queue/store.h"

#include <stdint.h>
#include <sys/types.h>

/*
 * Is there room for size octets of uid, in a new file? FREE_SPACE_FLOOR and
 * FREE_INODES_FLOOR must stay free behind them, and what is reserved
 * (FREE_SPACE_RESERVED, FREE_INODES_RESERVED), unless uid is root or the owner
 * of the queue. ERR_TEMPORARY.
 */
int room_check(struct store *s, uid_t uid, int64_t size, struct error *err);

#endif
