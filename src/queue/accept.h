/* SPDX-License-Identifier: ISC */
/* The steps of acceptance that all entries go through. Private to queue/. */
#ifndef QUEUE_ACCEPT_H
#define QUEUE_ACCEPT_H

#include "base/error.h"
#include "queue/store.h"

#include <stdint.h>

/* Is there room for size octets of our own, and for the records of others
 * besides (FREE_SPACE_FLOOR, FREE_INODES_FLOOR)? ERR_TEMPORARY. */
int accept_check_room(struct store *s, int64_t size, struct error *err);

/* Syncs tmp/id, open as fd, and brings it into the queue to stay. On failure
 * it is not in the queue; whether it is in tmp then is for the caller to see
 * to. ERR_TEMPORARY. */
int accept_make_durable(
    struct store *s, int fd, const char *id, struct error *err);

#endif
