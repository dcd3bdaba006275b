/* SPDX-License-Identifier: ISC */
/* Where a walk through a body is. Private to message/. */
#ifndef MESSAGE_WALK_H
#define MESSAGE_WALK_H

#include "base/buf.h"
#include "base/error.h"
#include "message/media.h"
#include "message/mends.h"
#include "message/mime.h"
#include "message/reader.h"

#include <stdbool.h>

/* Parts within parts: what nests deeper is one opaque whole. */
#define NESTING_MAX 32

struct walk {
	const struct mime_request *request;
	struct spool *out;
	struct buf line; /* on its way to out */
	struct mends *log;
	struct error *err;
	struct reader reader;
	struct piece piece; /* the one looked at */
	bool peeked;
	int boundary; /* whose line it is: a level, or -1 */
	bool closing; /* it is the last of that level */
	char boundaries[NESTING_MAX][BOUNDARY_SIZE];
	int depth;
	int nesting;   /* of messages */
	bool locked;   /* inside what a signature covers */
	unsigned part; /* for people: the part we are in, from 1 */
};

struct walk *walk_new(
    const struct mime_request *r, struct spool *out, struct error *err);
void walk_free(struct walk *w);

/* Looks at the next piece. 1, 0 at the end, -1 with the error set. */
int walk_peek(struct walk *w);
void walk_skip(struct walk *w);

/* Goes back, or on, to an offset in the body where a line begins. */
void walk_seek(struct walk *w, int64_t offset);

/* Writes the piece looked at, its line end as CRLF. */
int walk_copy_piece(struct walk *w);
int walk_copy_boundary(struct walk *w);

/* Has the piece looked at what cannot go as it is? */
bool walk_is_odd(const struct walk *w);

bool walk_has_room(const struct walk *w);
void walk_push(struct walk *w, const char *boundary);
void walk_pop(struct walk *w);

/* Hands what is in w->line to out when it is much, or in any case. */
int walk_drain(struct walk *w);
int walk_flush(struct walk *w);

/* -1, with ERR_DATA that names the part. */
int walk_fail(struct walk *w, const char *why);

#endif
