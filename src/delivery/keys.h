/* SPDX-License-Identifier: ISC */
/* The secrets on the way to a login. */
#ifndef DELIVERY_KEYS_H
#define DELIVERY_KEYS_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

struct keys {
	struct buf proxy; /* the password of a proxy; empty: none */
	struct buf own;   /* that of tls-key; the same */
};

/* Reads those that the relay has, and sees to it that nobody else can read its
 * key; as secret_read(). Whatever comes of it, it is to be released. */
int keys_read(struct keys *k, const struct relay *relay, struct error *err);

/* Wipes them. */
void keys_release(struct keys *k);

#endif
