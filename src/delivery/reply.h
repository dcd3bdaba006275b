/* SPDX-License-Identifier: ISC */
/* Replies of a server (RFC 5321 4.2), line by line, trusting nothing. */
#ifndef DELIVERY_REPLY_H
#define DELIVERY_REPLY_H

#include "base/error.h"
#include "base/limits.h"
#include "base/span.h"

#include <stddef.h>

struct reply {
	int code;        /* 200 to 599; 0 before the first line */
	char status[12]; /* enhanced code (RFC 3463) such as "5.7.8", or "" */
	char text[REPLY_TEXT_MAX]; /* "550 5.1.1 No such user": all lines,
				      printable, cut to fit */
	size_t octets;             /* taken so far, against REPLY_MAX */
};

enum reply_result {
	REPLY_MORE, /* another line belongs to it */
	REPLY_DONE,
	REPLY_BROKEN, /* no reply: the session is at its end */
};

void reply_init(struct reply *r);

/*
 * Adds one line, with or without its line end. Broken: no code of 200 to 599
 * at its beginning, another code than the line before, a NUL, or more than
 * REPLY_MAX octets in all.
 */
enum reply_result reply_take(struct reply *r, struct span line);

/* The first digit of the code: 2, 3, 4 or 5; 0 for none. */
int reply_class(const struct reply *r);

/* Returns -1, ERR_TEMPORARY, with what the relay said against itself, and
 * before that why, if it is not NULL: what that means. */
int reply_fault(const struct reply *r, const char *why, struct error *err);

#endif
