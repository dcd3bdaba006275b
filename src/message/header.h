/* SPDX-License-Identifier: ISC */
/*
 * Walking the header block of a message in wire form (RFC 5322 2.2): lines
 * ending in CRLF, without the empty line that ends it.
 */
#ifndef MESSAGE_HEADER_H
#define MESSAGE_HEADER_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct field {
	struct span whole; /* name to the last CRLF, folds included */
	struct span name;  /* without blanks before the colon */
	struct span body;  /* behind the colon, folds kept, last CRLF not */
};

enum line_kind {
	LINE_FIELD,        /* a field name and its colon */
	LINE_CONTINUATION, /* begins with a blank */
	LINE_EMPTY,
	LINE_MBOX, /* "From " of an mbox file */
	LINE_OTHER,
};

/* What is this line, without its line end? */
enum line_kind header_line_kind(struct span line);

/*
 * Takes the next field from *rest. False at the end. A line that is no field
 * comes back with an empty name, so that nothing is ever skipped unseen.
 */
bool header_next(struct span *rest, struct field *f);

/* The first field of that name, without regard to case. */
bool header_find(struct span head, const char *name, struct field *f);

/*
 * Appends the body of a field as one line: folds undone (RFC 5322 2.2.3),
 * blanks at both ends gone.
 */
void header_unfold(struct span body, struct buf *to);

#endif
