/* SPDX-License-Identifier: ISC */
/*
 * What strangers have written, on a terminal: a stream that shows each control
 * character as '?', so that none moves the cursor, sets a title or answers for
 * the reader. These are C0 but tabs and line ends (LF, CRLF), DEL, and C1, as
 * UTF-8 or as raw bytes. Other bytes pass as they are.
 */
#ifndef CLI_VISIBLE_H
#define CLI_VISIBLE_H

#include <stddef.h>
#include <stdio.h>

struct visible {
	FILE *to;
	char held[4]; /* what came last: room for a whole character */
	size_t len;
};

/* What is written to the stream goes on to to, all of it only when the stream
 * is closed; v must live as long. NULL without memory. */
FILE *visible_open(struct visible *v, FILE *to);

#endif
