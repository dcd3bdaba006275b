/* SPDX-License-Identifier: ISC */
#ifndef DOWNGRADE_H
#define DOWNGRADE_H

#include "base/error.h"
#include "delivery/session.h"
#include "message/spool.h"

#include <stdbool.h>

/* Has the message 8-bit content that this relay does not take (RFC 6152)? */
bool downgrade_is_needed(const struct session *s, const struct transaction *t);

/*
 * Writes the message of t, encoded so that all of it is ASCII, to spool (to be
 * released by the caller after the transaction), and lets t have that.
 *
 * ERR_DATA: it cannot be encoded, for it is signed; t is settled as refused.
 * ERR_IO, ERR_TEMPORARY: reading or spooling failed.
 */
int downgrade(struct transaction *t, struct spool *spool, struct error *err);

#endif
