/* SPDX-License-Identifier: ISC */
/* Messages that are sent once more (RFC 5322 3.6.6). */
#ifndef MESSAGE_RESENT_H
#define MESSAGE_RESENT_H

#include "base/span.h"

#include <stdbool.h>

/*
 * The newest block of Resent- fields, which is the first: up to a field that
 * is none, or that is of RFC 5322, stands in the block already, and so begins
 * an older one.
 * False when there is none.
 */
bool resent_block(struct span head, struct span *block);

#endif
