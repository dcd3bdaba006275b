/* SPDX-License-Identifier: ISC */
/* Words of others, as a report may have them. Private to message/. */
#ifndef MESSAGE_REPORT_TEXT_H
#define MESSAGE_REPORT_TEXT_H

#include "base/buf.h"
#include "base/span.h"

#include <stddef.h>

/*
 * Appends the words of text, without a line end, in lines that a reader can
 * take; each new one begins with indent. column: where in its line it begins.
 */
void report_wrap(
    struct span text, size_t column, const char *indent, struct buf *to);

/* RFC 6533 3: characters beyond ASCII as \x{HEX}, and so those in special (in
 * addresses those that xtext has other uses for). What is no character becomes
 * "?". */
void report_ascii(struct span text, const char *special, struct buf *to);

/* RFC 3461 4: xtext, of which the report has what it stands for. */
void report_xtext(struct span xtext, struct buf *to);

#endif
