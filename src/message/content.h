/* SPDX-License-Identifier: ISC */
/*
 * The content of a part that has no parts: looked at once, then written as it
 * is or encoded (RFC 2045 6). Private to message/.
 */
#ifndef MESSAGE_CONTENT_H
#define MESSAGE_CONTENT_H

#include "message/facts.h"
#include "message/utf8.h"
#include "message/walk.h"

#include <stdbool.h>
#include <stdint.h>

/* What is done with the content. */
enum action {
	ACTION_KEEP,
	ACTION_DECLARE, /* say that it is 8bit, and keep it */
	ACTION_QUOTE,   /* encode as quoted-printable */
	ACTION_BASE64,  /* encode as base64 */
	ACTION_REQUOTE, /* quoted-printable, in lines that are too long */
	ACTION_REWRAP,  /* base64, in lines that are too long */
};

/* What there is to know of it. */
struct content {
	int64_t start, end; /* offsets; the line end before a boundary is
			       the boundary's */
	bool last;          /* no boundary follows */
	struct facts facts;
	struct utf8_check utf8;
};

/* Looks at the content, up to a boundary or the end, and goes back to its
 * beginning. -1 with the walk's error. */
int content_look(struct walk *w, struct content *c);

/*
 * Writes the content, and goes on to behind it. text: encoded in base64, line
 * ends are CRLF, the canonical form (RFC 2049 4); otherwise they are bytes like
 * others. -1 with the walk's error.
 */
int content_write(
    struct walk *w, const struct content *c, bool text, enum action action);

#endif
