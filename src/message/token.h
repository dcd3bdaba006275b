/* SPDX-License-Identifier: ISC */
/*
 * Fields made of tokens, in which no encoded word may stand (RFC 2047 5):
 * dates, message ids, Received, MIME-Version, Content-Transfer-Encoding.
 * Private to message/.
 */
#ifndef MESSAGE_TOKEN_H
#define MESSAGE_TOKEN_H

#include "base/buf.h"
#include "message/header.h"

#include <stdbool.h>

/* Is name such a field? */
bool token_is(struct span name);

/*
 * Appends the body of such a field, which is not ASCII, as one line less what
 * is not, if it says the same without: a date alone, and of the others what is
 * not in such comments. False, with nothing sure in to: there is more to it.
 */
bool token_plain(const struct field *f, struct buf *to);

#endif
