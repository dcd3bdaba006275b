/* SPDX-License-Identifier: ISC */
/*
 * A flat JSON object from and to a struct, by a table. With members.c the only
 * place of oauth/ that sees jansson; what it frees, it wipes.
 */
#ifndef OAUTH_MEMBERS_H
#define OAUTH_MEMBERS_H

#include "base/buf.h"
#include "base/error.h"

#include <stddef.h>

enum member_kind {
	MEMBER_TEXT,   /* a char *, of printable ASCII (RFC 6749 A: VSCHAR);
			  owned; NULL: not there */
	MEMBER_WORD,   /* the same without blanks, as a token (RFC 6750 2.1) */
	MEMBER_NUMBER, /* an int64_t, at least 0, without its fraction; also of
			  a text of digits; 0: not there, or anything else */
	MEMBER_FREE,   /* a char *, as text; of anything but that, NULL */
};

struct member {
	const char *name;
	enum member_kind kind;
	size_t at; /* offset in the struct */
};

/*
 * Reads those of the table that are there; others are passed over. object is
 * empty before (all zeros), and to be released also after -1. ERR_TEMPORARY: it
 * is no object, or has one member twice, or one of another kind, beside which
 * the others are read all the same; the text itself is never in err.
 */
int members_read(const struct member *table, size_t count, void *object,
    struct span text, struct error *err);

/* Appends it, in one line; what is not there is left out. */
void members_write(const struct member *table, size_t count, const void *object,
    struct buf *to);

/* Wipes and frees the texts; all of the table is not there afterwards. */
void members_release(const struct member *table, size_t count, void *object);

#endif
