/* SPDX-License-Identifier: ISC */
/* Where a walk through a body is. */
#include "message/walk.h"

#include "base/limits.h"
#include "message/wire.h"

#include <stdio.h>
#include <stdlib.h>

struct walk *
walk_new(const struct mime_request *r, struct spool *out, struct error *err)
{
	struct walk *w = must_calloc(1, sizeof *w);

	w->request = r;
	w->out = out;
	w->log = r->log;
	w->err = err;
	w->locked = r->locked;
	buf_init(&w->line, 16 * MIB);
	reader_init(&w->reader, r->body, 0);
	return w;
}

void
walk_free(struct walk *w)
{
	buf_release(&w->line);
	free(w);
}

int
walk_fail(struct walk *w, const char *why)
{
	if (w->part == 0)
		return error_set(w->err, ERR_DATA, "the body: %s", why);
	return error_set(w->err, ERR_DATA, "part %u: %s", w->part, why);
}

/* RFC 2046 5.1.1: "--", the boundary, perhaps "--", and blanks. */
static bool
is_boundary(struct span line, const char *boundary, bool *closing)
{
	struct span rest;

	if (!span_starts(line, "--"))
		return false;
	rest = span_from(line, 2);
	if (!span_starts(rest, boundary))
		return false;
	rest = span_from(rest, strlen(boundary));
	*closing = span_starts(rest, "--");
	if (*closing)
		rest = span_from(rest, 2);
	return span_trim(rest).len == 0;
}

static void
find_boundary(struct walk *w)
{
	w->boundary = -1;
	if (!w->piece.begins || !span_starts(w->piece.text, "--"))
		return;
	for (int i = w->depth; i > 0 && w->boundary < 0; i--)
		if (is_boundary(
			w->piece.text, w->boundaries[i - 1], &w->closing))
			w->boundary = i - 1;
}

int
walk_peek(struct walk *w)
{
	int rc;

	if (w->peeked)
		return 1;
	rc = reader_next(&w->reader, &w->piece, w->err);
	if (rc != 1)
		return rc;
	w->peeked = true;
	find_boundary(w);
	return 1;
}

void
walk_skip(struct walk *w)
{
	w->peeked = false;
}

void
walk_seek(struct walk *w, int64_t offset)
{
	reader_init(&w->reader, w->request->body, offset);
	w->peeked = false;
}

int
walk_flush(struct walk *w)
{
	int rc;

	if (!buf_ok(&w->line))
		return walk_fail(w, "a header too long");
	w->request->result->eight_bit = w->request->result->eight_bit ||
					wire_is_eight_bit(buf_span(&w->line));
	rc = spool_add(w->out, buf_span(&w->line), w->err);
	buf_clear(&w->line);
	return rc;
}

int
walk_drain(struct walk *w)
{
	return w->line.len < IO_BLOCK ? 0 : walk_flush(w);
}

int
walk_copy_piece(struct walk *w)
{
	bool ends = w->piece.end.len > 0 ||
		    w->piece.offset + (int64_t)w->piece.text.len ==
			w->request->body->size;

	buf_add_span(&w->line, w->piece.text);
	if (ends)
		buf_add_text(&w->line, "\r\n");
	return walk_drain(w);
}

int
walk_copy_boundary(struct walk *w)
{
	/* Blanks behind it are transport padding, and nobody's. */
	if (w->locked && walk_is_odd(w))
		return walk_fail(w, "a boundary of it cannot leave as it is, "
				    "and it is signed");
	if (w->locked)
		return walk_copy_piece(w);
	buf_printf(&w->line, "--%s%s\r\n", w->boundaries[w->boundary],
	    w->closing ? "--" : "");
	return walk_drain(w);
}

bool
walk_is_odd(const struct walk *w)
{
	struct span text = w->piece.text;

	if (text.len > TEXT_LINE_MAX)
		return true;
	if (w->request->seven_bit && wire_is_eight_bit(text))
		return true;
	return memchr(text.at, '\0', text.len) != NULL ||
	       memchr(text.at, '\r', text.len) != NULL;
}

bool
walk_has_room(const struct walk *w)
{
	return w->depth + w->nesting < NESTING_MAX;
}

/* What was looked at already is judged anew by the boundaries that count now.
 */
void
walk_push(struct walk *w, const char *boundary)
{
	snprintf(w->boundaries[w->depth++], BOUNDARY_SIZE, "%s", boundary);
	if (w->peeked)
		find_boundary(w);
}

void
walk_pop(struct walk *w)
{
	w->depth--;
	if (w->peeked)
		find_boundary(w);
}
