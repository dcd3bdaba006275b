/* SPDX-License-Identifier: ISC */
/* A message whose sender its relay would refuse: the rules of identity.h at
 * delivery. What is queued stays as it is; what goes over the wire changes. */
#ifndef REWRITE_H
#define REWRITE_H

#include "base/buf.h"
#include "base/error.h"
#include "delivery/transaction.h"
#include "message/authors.h"
#include "message/identity.h"
#include "message/mends.h"

struct rewrite {
	char *sender;    /* the envelope's, as it was said; NULL: as it is */
	struct buf head; /* what t has in front of its file */
	struct authors_done done;
};

void rewrite_init(struct rewrite *r);
void rewrite_release(struct rewrite *r);

/* Forgets the text of the message; what was done stays known, for the log. */
void rewrite_forget(struct rewrite *r);

/*
 * Makes t what the relay of id takes, fd being at the message's first byte; the
 * size of t follows, and log says what was done. Reads the header, and no more
 * of the body than a block. r must stay until the transaction is over.
 *
 * ERR_DATA: the header is too large; t is settled as refused. ERR_IO.
 */
int rewrite(struct rewrite *r, const struct identity *id, struct transaction *t,
    struct mends *log, struct error *err);

#endif
