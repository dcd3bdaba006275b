/* SPDX-License-Identifier: ISC */
/* Base64 in lines of 76 (RFC 2045 6.8), in pieces. The only user of nettle. */
#ifndef MESSAGE_BASE64_H
#define MESSAGE_BASE64_H

#include "base/buf.h"
#include "base/span.h"

#include <stddef.h>

/* Octets of input that fill one line. */
#define BASE64_LINE 57

struct base64 {
	char held[BASE64_LINE]; /* input for the line begun */
	size_t len;
};

void base64_init(struct base64 *b);

/* Appends the code of bytes to to, as far as it fills lines. */
void base64_take(struct base64 *b, struct span bytes, struct buf *to);

/* Appends what is left, as a line. */
void base64_end(struct base64 *b, struct buf *to);

/* Appends the code of bytes without any line end. */
void base64_add(struct span bytes, struct buf *to);

/* Appends what text is the code of. False: it is none, or to overflows. */
bool base64_read(struct span text, struct buf *to);

#endif
