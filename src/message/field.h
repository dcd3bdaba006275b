/* SPDX-License-Identifier: ISC */
/*
 * Single header fields, made fit to leave: plain ASCII (RFC 2047, 2231) in
 * lines of at most 998 octets. What needs nothing stays byte for byte.
 */
#ifndef MESSAGE_FIELD_H
#define MESSAGE_FIELD_H

#include "base/buf.h"
#include "base/error.h"
#include "message/header.h"
#include "message/mends.h"

#include <stdbool.h>

/* Must the field be changed before it may leave? */
bool field_needs_mending(const struct field *f);

/*
 * Appends the field, mended where it must be, and says so in log. 8-bit
 * addresses stay as they are: only SMTPUTF8 can carry them. A field of tokens
 * (token.h) that cannot be mended becomes X-Original-NAME. ERR_DATA, naming the
 * field: a line that cannot be folded, a boundary that is not ASCII.
 */
int field_mend(const struct field *f, struct buf *to, struct mends *log,
    struct error *err);

#endif
