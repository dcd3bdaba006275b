/* SPDX-License-Identifier: ISC */
/*
 * Quoted-printable (RFC 2045 6.7), in pieces: line ends of the input, LF or
 * CRLF, become line ends of the output; all that could be harmed on the way,
 * a CR alone and a blank before a line end among it, becomes =XX, so that
 * decoding gives back the same bytes.
 */
#ifndef MESSAGE_QUOTED_H
#define MESSAGE_QUOTED_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct quoted {
	bool keep_codes; /* the input is code already: "=XX" stays */
	size_t column;
	bool softly;  /* the line began behind a soft line end */
	char blank;   /* held back: what follows decides on it; or NUL */
	bool cr;      /* likewise */
	char code[3]; /* likewise, with keep_codes */
	size_t code_len;
};

void quoted_init(struct quoted *q);

/* Appends the code of bytes to to; some may wait for what follows. */
void quoted_take(struct quoted *q, struct span bytes, struct buf *to);

/*
 * Appends what waited. soft: a line that is not ended gets a line end that
 * decodes to nothing; otherwise a line end follows in any case, which is the
 * one before a boundary (RFC 2046 5.1.1).
 */
void quoted_end(struct quoted *q, bool soft, struct buf *to);

#endif
