/* SPDX-License-Identifier: ISC */
/* What every message that leaves must be (design, promise 4). */
#ifndef STRICT_H
#define STRICT_H

#include "base/span.h"
#include "message/header.h"

#include <stdbool.h>
#include <stddef.h>

/* Ends the process, saying why and showing text, unless fine. */
void strict_must(bool fine, const char *why, struct span text);

/* One field: lines of at most 998 octets ended by CRLF, no controls, and
 * ASCII unless utf8. */
void strict_field(const struct field *f, bool utf8);

/* How many fields of that name are there? */
size_t strict_count(struct span head, const char *name);

/* Header fields, without the empty line; exactly one of Date, From and
 * Message-ID, nothing that never leaves. */
void strict_header(struct span head, bool utf8);

/* All of a message. */
void strict_message(struct span message, bool utf8);

#endif
