/* SPDX-License-Identifier: ISC */
/*
 * A header block whose authors and senders are made good for a relay
 * (identity.h): From, Sender, and for masquerading Reply-To; of a message that
 * is sent once more, Resent-From and Resent-Sender of its newest block instead.
 */
#ifndef MESSAGE_AUTHORS_H
#define MESSAGE_AUTHORS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "message/identity.h"
#include "message/mends.h"

#include <stdbool.h>

/* The names of all that can be changed, with "+" between them. */
#define AUTHORS_NAMES_SIZE 64

/* What was changed, for the log. */
struct authors_done {
	char names[AUTHORS_NAMES_SIZE]; /* "From+Sender"; "": nothing */
	bool unsigned_now; /* a DKIM-Signature covered some of it */
};

/*
 * Appends head (without the empty line behind it) to to, changed where it must
 * be, and says so in log. 1: changed; 0: nothing need be, and nothing is
 * appended. -1 with ERR_DATA: it becomes too large for to.
 *
 * What is replaced keeps its display name. The original is kept in Reply-To, if
 * there is none and all of it can be answered, else as X-Original-NAME. What
 * is not changed stays byte for byte.
 */
int authors_rewrite(struct span head, const struct identity *id, struct buf *to,
    struct authors_done *done, struct mends *log, struct error *err);

#endif
