/* SPDX-License-Identifier: ISC */
/* The walk through the parts of a body. */
#include "message/mime.h"

#include "base/limits.h"
#include "message/head.h"
#include "message/header.h"
#include "message/leaf.h"
#include "message/media.h"
#include "message/walk.h"
#include "message/wire.h"

bool
mime_needs_walk(const struct mime_request *r, const struct facts *body)
{
	struct media m;

	if (facts_is_unfit(body) || (r->seven_bit && body->eight_bit > 0))
		return true;
	media_read(r->head, &m);
	if (m.transfer == TRANSFER_BINARY)
		return true;
	if (body->eight_bit == 0)
		return false;
	/* A single part that says what it is needs no look. */
	return m.form == FORM_MULTIPART || m.form == FORM_MESSAGE ||
	       m.transfer != TRANSFER_8BIT || (m.form == FORM_TEXT && m.ascii);
}

static int entity(struct walk *w, struct span head, enum place place);

/* Text that has no encoding, as far as it can leave: it is none of a part's. A
 * line that begins only here must not look like a boundary. */
static int
write_unseen(struct walk *w)
{
	struct span text = w->piece.text;

	if (w->request->seven_bit && wire_is_eight_bit(text))
		return walk_fail(w, "text between its parts is 8-bit, and has "
				    "no encoding");
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool begins =
		    i % (TEXT_LINE_MAX - 1) == 0 && (i > 0 || !w->piece.begins);

		if (begins && i > 0)
			buf_add_text(&w->line, "\r\n");
		if (begins && c == '-')
			buf_add_byte(&w->line, ' ');
		buf_add_byte(&w->line, c == '\0' || c == '\r' ? '?' : c);
	}
	buf_add_text(&w->line, "\r\n");
	return walk_drain(w);
}

/* Lines of a preamble or an epilogue, which few readers show. */
static int
pass_unseen(struct walk *w)
{
	int rc;

	while ((rc = walk_peek(w)) == 1 && w->boundary < 0) {
		bool odd = !w->piece.begins || walk_is_odd(w);

		if (odd && w->locked)
			return walk_fail(w, "text between its parts cannot "
					    "leave as it is, and is signed");
		if (odd)
			mends_add(w->log, "text between parts: made fit to "
					  "leave, it has no encoding");
		if ((odd ? write_unseen(w) : walk_copy_piece(w)) != 0)
			return -1;
		walk_skip(w);
	}
	return rc;
}

/* A line of a header, its CR and NUL made blanks, as intake does it. */
static int
add_header_line(struct walk *w, struct buf *head)
{
	size_t start = head->len;

	buf_add_span(head, w->piece.text);
	if (w->piece.end.len > 0)
		buf_add_text(head, "\r\n");
	if (!buf_ok(head))
		return walk_fail(w, "the header of a part is too long");
	for (size_t i = start; i < start + w->piece.text.len; i++) {
		if (head->at[i] != '\r' && head->at[i] != '\0')
			continue;
		if (w->locked)
			return walk_fail(w, "its header cannot leave as it is, "
					    "and is signed");
		head->at[i] = ' ';
	}
	return 0;
}

/* Can this line be no part of a header, so that it is the first behind it? */
static bool
is_content(const struct walk *w, const struct buf *head)
{
	enum line_kind kind = header_line_kind(w->piece.text);

	return w->piece.begins &&
	       (kind == LINE_OTHER || kind == LINE_MBOX ||
		   (kind == LINE_CONTINUATION && head->len == 0));
}

/* Collects the header of a part, or of a nested message. */
static int
read_head(struct walk *w, struct buf *head)
{
	int rc;

	buf_clear(head);
	while ((rc = walk_peek(w)) == 1 && w->boundary < 0) {
		if (w->piece.begins && w->piece.text.len == 0) {
			walk_skip(w);
			return 0;
		}
		if (is_content(w, head))
			break;
		if (add_header_line(w, head) != 0)
			return -1;
		walk_skip(w);
	}
	if (head->len > 0 && head->at[head->len - 1] != '\n')
		buf_add_text(head, "\r\n");
	/* An empty line will be added, and that is a change. */
	if (rc == 1 && w->locked)
		return walk_fail(w, "its header has no end, and it is signed");
	return rc < 0 ? -1 : 0;
}

/* The parts of a multipart, each behind a line of its boundary. */
static int
parts(struct walk *w, enum place place)
{
	int level = w->depth - 1, rc = 0;
	struct buf head;

	buf_init(&head, HEADER_BLOCK_MAX);
	while (rc == 0 && walk_peek(w) == 1 && w->boundary == level) {
		bool last = w->closing;

		rc = walk_copy_boundary(w);
		walk_skip(w);
		if (rc != 0 || last)
			break;
		w->part++;
		rc = read_head(w, &head);
		if (rc == 0)
			rc = entity(w, buf_span(&head), place);
	}
	buf_release(&head);
	return rc;
}

/* A composite cannot be encoded, and "binary" is not for SMTP. */
static int
write_composite_head(struct walk *w, struct span head, const struct media *m)
{
	const struct changes eight_bit = {.transfer = "8bit"};

	return head_write(w, head,
	    m->transfer == TRANSFER_BINARY && !w->locked ? &eight_bit : NULL);
}

static int
multipart(struct walk *w, struct span head, const struct media *m)
{
	bool locked = w->locked;
	int rc;

	if (write_composite_head(w, head, m) != 0)
		return -1;
	walk_push(w, m->boundary);
	w->locked = locked || m->is_signed;
	rc = pass_unseen(w) < 0
		 ? -1
		 : parts(w, m->is_digest ? PLACE_DIGEST : PLACE_PART);
	walk_pop(w);
	if (rc == 0 && pass_unseen(w) < 0)
		rc = -1;
	w->locked = locked;
	return rc;
}

static int
message(struct walk *w, struct span head, const struct media *m)
{
	struct buf inner;
	int rc;

	if (write_composite_head(w, head, m) != 0)
		return -1;
	buf_init(&inner, HEADER_BLOCK_MAX);
	w->nesting++;
	rc = read_head(w, &inner);
	if (rc == 0)
		rc = entity(w, buf_span(&inner), PLACE_MESSAGE);
	w->nesting--;
	buf_release(&inner);
	return rc;
}

/* What a head announces, up to the boundary that ends it. */
static int
entity(struct walk *w, struct span head, enum place place)
{
	bool identity;
	struct media m;

	media_read(head, &m);
	if (place == PLACE_DIGEST && !m.typed)
		m.form = FORM_MESSAGE;
	identity = m.transfer == TRANSFER_NONE || m.transfer == TRANSFER_7BIT ||
		   m.transfer == TRANSFER_8BIT || m.transfer == TRANSFER_BINARY;
	if (m.form == FORM_MULTIPART && m.boundary[0] != '\0' && identity &&
	    walk_has_room(w))
		return multipart(w, head, &m);
	if (m.form == FORM_MESSAGE && identity && walk_has_room(w))
		return message(w, head, &m);
	return leaf(w, head, &m, place);
}

int
mime_walk(const struct mime_request *r, struct spool *out, struct error *err)
{
	struct walk *w = walk_new(r, out, err);
	int rc = entity(w, r->head, PLACE_TOP);

	/* A boundary that nobody opened is text of the epilogue. */
	if (rc == 0)
		rc = walk_flush(w);
	walk_free(w);
	return rc;
}
