/* SPDX-License-Identifier: ISC */
/* A message whose sender its relay would refuse. */
#include "rewrite.h"

#include "base/io.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

/* What the front makes of a header of HEADER_BLOCK_MAX, and some more. */
#define HEAD_MAX (5 * HEADER_BLOCK_MAX)

void
rewrite_init(struct rewrite *r)
{
	*r = (struct rewrite){0};
	/* The header with its authors three times, and what was read on. */
	buf_init(&r->head, 4 * HEAD_MAX);
}

void
rewrite_release(struct rewrite *r)
{
	free(r->sender);
	buf_release(&r->head);
	*r = (struct rewrite){0};
}

void
rewrite_forget(struct rewrite *r)
{
	buf_release(&r->head);
}

static void
set_sender(struct rewrite *r, const struct identity *id, struct transaction *t,
    struct mends *log)
{
	/* The relay has refused the null sender: it gets another already. */
	if (t->refusal[0] != '\0')
		return;
	free(r->sender);
	r->sender = identity_sender(id, t->envelope->sender, log);
	t->sender = r->sender;
}

/*
 * Reads up to the empty line, and what came with it. How long the header is,
 * without that line; -1 with the error set. What is all header has no such
 * line.
 */
static ssize_t
read_head(const struct transaction *t, struct buf *to, struct error *err)
{
	const char *end = NULL;

	while (end == NULL && (int64_t)to->len < t->size) {
		int64_t left = t->size - (int64_t)to->len;
		size_t from = to->len > 3 ? to->len - 3 : 0;
		char *room;
		ssize_t n;

		if (to->len > HEAD_MAX)
			return error_set(err, ERR_DATA, "header too large");
		room = buf_room(to, IO_BLOCK);
		n = io_read(
		    t->fd, room, left < IO_BLOCK ? (size_t)left : IO_BLOCK);
		if (n <= 0)
			return error_set(err, ERR_IO,
			    "the message cannot be read to its end");
		buf_grown(to, (size_t)n);
		end = memmem(to->at + from, to->len - from, "\r\n\r\n", 4);
	}
	return (ssize_t)(end != NULL ? (size_t)(end + 2 - to->at) : to->len);
}

static int
change_head(struct rewrite *r, const struct identity *id, struct transaction *t,
    struct mends *log, struct error *err)
{
	struct buf read;
	ssize_t n;
	int rc;

	buf_init(&read, HEAD_MAX + 2 * IO_BLOCK);
	n = read_head(t, &read, err);
	rc = n < 0 ? -1 : 0;
	if (n >= 0)
		rc = authors_rewrite(
		    span(read.at, (size_t)n), id, &r->head, &r->done, log, err);
	if (rc == 0)
		buf_add(&r->head, read.at, (size_t)n);
	if (rc >= 0) {
		t->size += (int64_t)r->head.len - n;
		buf_add_span(&r->head, span_from(buf_span(&read), (size_t)n));
		t->prefix = buf_span(&r->head);
	}
	buf_release(&read);
	return rc < 0 ? -1 : 0;
}

int
rewrite(struct rewrite *r, const struct identity *id, struct transaction *t,
    struct mends *log, struct error *err)
{
	char text[REPLY_TEXT_MAX];

	if (identity_is_idle(id))
		return 0;
	set_sender(r, id, t, log);
	if (change_head(r, id, t, log, err) == 0)
		return 0;
	if (err->kind == ERR_DATA) {
		snprintf(text, sizeof text, "554 5.6.0 %.800s", err->text);
		transaction_settle(t, OUTCOME_REFUSED, text);
	}
	return -1;
}
