/* SPDX-License-Identifier: ISC */
/* The words of address lists (RFC 5322 3.2 and 4). Private to message/. */
#ifndef MESSAGE_SCAN_H
#define MESSAGE_SCAN_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* Where we are, and the local part or phrase collected so far. */
struct scanner {
	struct span rest;
	struct buf words; /* local part being built, unquoted */
	size_t word_count;
	bool gap; /* two words with no dot between: a phrase */
	bool dot_last;
	struct error *err;
};

/* Returns -1 with ERR_RECIPIENT and why. */
int scan_bad(struct scanner *s, const char *why);

/* The next byte; NUL at the end. */
static inline char
scan_peek(const struct scanner *s)
{
	return s->rest.len > 0 ? s->rest.at[0] : '\0';
}

/* Steps over blanks, folds and comments (CFWS, RFC 5322 3.2.2). */
int scan_blanks(struct scanner *s);

/* Collects words and dots up to a special: a local part, or a phrase. */
int scan_words(struct scanner *s);

/* Appends a domain to to: a literal (RFC 5321 4.1.3), or atoms and dots with
 * blanks and comments between them allowed (RFC 5322 4.4). */
int scan_domain(struct scanner *s, struct buf *to);

#endif
