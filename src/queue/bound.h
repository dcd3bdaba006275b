/* SPDX-License-Identifier: ISC */
/*
 * Where logins have been bound to TLS, remembered from one run to the next: a
 * small file for each relay in relays/, for all users together. The form is in
 * pillarbox-queue(5). What is lost costs only that it is not missed the next
 * time.
 */
#ifndef QUEUE_BOUND_H
#define QUEUE_BOUND_H

#include "base/buf.h"
#include "queue/store.h"

/* Appends the places of that relay to to, one a line. */
void bound_read(struct store *s, const char *relay, struct buf *to);

/* Adds a place, which is a line. At a relay that has had more places than a
 * file holds, the others are forgotten. */
void bound_add(struct store *s, const char *relay, const char *place);

#endif
