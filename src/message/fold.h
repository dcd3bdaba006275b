/* SPDX-License-Identifier: ISC */
/* Lines of header fields that are too long. Private to message/. */
#ifndef MESSAGE_FOLD_H
#define MESSAGE_FOLD_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* Octets of the longest line of a field, without line ends. */
size_t fold_longest(struct span field);

/* Has it a line over 998 octets (RFC 5322 2.1.1)? */
bool fold_is_needed(struct span field);

/*
 * Appends a field, such lines folded before blanks that are there, which
 * changes nothing (RFC 5322 2.2.3). A word that is too long stays so.
 */
void fold_field(struct span field, struct buf *to);

/* Folds what stands in to from start on, where it is needed. */
void fold_tail(struct buf *to, size_t start);

#endif
