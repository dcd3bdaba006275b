/* SPDX-License-Identifier: ISC */
/*
 * A reader of our own output that shares no code with what wrote it: finds a
 * part of a flat multipart in wire form, and decodes it (RFC 2045 6).
 */
#ifndef DECODE_H
#define DECODE_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Appends the decoded content of part n, with LF for CRLF unless it was
 * base64 of no text. False if there is no such part. */
bool decode_part(
    struct span message, const char *boundary, int n, struct buf *to);

/* Is that part in base64? */
bool decode_is_base64(struct span message, const char *boundary, int n);

/* Appends bytes, with LF for CRLF if text. */
void decode_normalize(struct span bytes, bool text, struct buf *to);

#endif
