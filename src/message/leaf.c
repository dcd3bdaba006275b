/* SPDX-License-Identifier: ISC */
/* A part that has no parts: what it needs, and how it gets it. */
#include "message/leaf.h"

#include "base/limits.h"
#include "base/text.h"
#include "message/base64.h"
#include "message/facts.h"
#include "message/quoted.h"
#include "message/utf8.h"

#include <stdio.h>

/* What is done with the content. */
enum action {
	ACTION_KEEP,
	ACTION_DECLARE, /* say that it is 8bit, and keep it */
	ACTION_QUOTE,   /* encode as quoted-printable */
	ACTION_BASE64,  /* encode as base64 */
	ACTION_REQUOTE, /* quoted-printable, in lines that are too long */
	ACTION_REWRAP,  /* base64, in lines that are too long */
};

/* The content, looked at once before it is written. */
struct content {
	int64_t start, end; /* offsets; the line end before a boundary is
			       the boundary's */
	bool last;          /* no boundary follows */
	struct facts facts;
	struct utf8_check utf8;
};

/* Looks at the content, and goes back to its beginning. */
static int
look(struct walk *w, struct content *c)
{
	char held[2];
	size_t held_len = 0;
	int rc;

	facts_init(&c->facts);
	utf8_check_init(&c->utf8);
	c->start = c->end = -1;
	while ((rc = walk_peek(w)) == 1 && w->boundary < 0) {
		const struct piece *p = &w->piece;

		if (c->start < 0)
			c->start = p->offset;
		facts_take(&c->facts, span(held, held_len));
		facts_take(&c->facts, p->text);
		utf8_check_take(&c->utf8, p->text);
		utf8_check_take(&c->utf8, p->end);
		held_len = p->end.len;
		memcpy(held, p->end.at, held_len);
		c->end = p->offset + (int64_t)p->text.len;
		walk_skip(w);
	}
	if (rc < 0)
		return -1;
	c->last = rc == 0;
	if (c->last) {
		/* Nothing follows: the last line end is content. */
		facts_take(&c->facts, span(held, held_len));
		c->end += (int64_t)held_len;
	}
	if (c->start >= 0)
		walk_seek(w, c->start);
	return 0;
}

/* Inside of others a part is encoded rather than declared: they would have to
 * declare it too (RFC 2045 6.4), and have been written by now. */
static enum action
choose(const struct walk *w, const struct media *m, const struct facts *f,
    enum place place)
{
	bool unfit = facts_is_unfit(f);
	bool eight_bit = f->eight_bit > 0;
	bool must = unfit || (eight_bit && w->request->seven_bit);

	switch (m->transfer) {
	case TRANSFER_QUOTED:
		return unfit || eight_bit ? ACTION_REQUOTE : ACTION_KEEP;
	case TRANSFER_BASE64:
		return unfit || eight_bit ? ACTION_REWRAP : ACTION_KEEP;
	case TRANSFER_BINARY:
		if (!must && m->form == FORM_TEXT)
			return ACTION_DECLARE;
		break;
	case TRANSFER_OTHER:
	case TRANSFER_8BIT:
		if (!must)
			return ACTION_KEEP;
		break;
	case TRANSFER_NONE:
	case TRANSFER_7BIT:
		if (!must && !eight_bit)
			return ACTION_KEEP;
		if (!must && (place == PLACE_TOP || m->form == FORM_STATUS))
			return ACTION_DECLARE;
		break;
	}
	/* Only in text is a line end a line end (RFC 2049 4). */
	return m->form == FORM_TEXT && facts_prefers_quoted(f) ? ACTION_QUOTE
							       : ACTION_BASE64;
}

static const char *
charset_of(const struct content *c)
{
	return utf8_check_end(&c->utf8) ? "utf-8" : "iso-8859-1";
}

static struct changes
changes_for(const struct media *m, const struct content *c, enum action action,
    enum place place)
{
	bool named = c->facts.eight_bit > 0 && m->form == FORM_TEXT && m->ascii;
	struct changes changes = {0};

	if (action == ACTION_QUOTE)
		changes.transfer = "quoted-printable";
	else if (action == ACTION_BASE64)
		changes.transfer = "base64";
	else if (action == ACTION_DECLARE)
		changes.transfer = "8bit";
	if (named)
		changes.charset = charset_of(c);
	changes.type = !m->typed && (named || changes.transfer != NULL);
	changes.version = (place == PLACE_TOP || place == PLACE_MESSAGE) &&
			  !m->versioned &&
			  (changes.type || changes.transfer != NULL || named);
	return changes;
}

static bool
is_change(const struct changes *c)
{
	return c->transfer != NULL || c->charset != NULL || c->type;
}

static void
explain(struct walk *w, const struct content *c, const struct changes *ch)
{
	const struct facts *f = &c->facts;
	const char *why = "8-bit content that was not declared";
	char what[32] = "body";

	if (w->part > 0)
		snprintf(what, sizeof what, "part %u", w->part);
	if (f->nul)
		why = "NUL bytes";
	else if (f->longest > TEXT_LINE_MAX)
		why = "a line over 998 bytes";
	else if (f->cr > f->crlf)
		why = "CR without LF";
	if (ch->transfer != NULL)
		mends_add(
		    w->log, "%s: now %s, it has %s", what, ch->transfer, why);
	if (ch->charset != NULL)
		mends_add(w->log, "%s: charset %s, which it really is", what,
		    ch->charset);
}

/* Takes the next piece into *text and *end. 1, 0 at the end, -1. */
static int
take(struct walk *w, const struct content *c, struct span *text,
    struct span *end)
{
	int64_t left;
	int rc = walk_peek(w);

	if (rc != 1 || w->piece.offset >= c->end || w->boundary >= 0)
		return rc < 0 ? -1 : 0;
	*text = w->piece.text;
	left = c->end - w->piece.offset - (int64_t)text->len;
	*end = left > 0 ? w->piece.end : span("", 0);
	walk_skip(w);
	return 1;
}

static int
write_quoted(struct walk *w, const struct content *c, bool keep_codes)
{
	struct span text, end;
	struct quoted q;
	int rc;

	quoted_init(&q);
	q.keep_codes = keep_codes;
	while ((rc = take(w, c, &text, &end)) == 1) {
		quoted_take(&q, text, &w->line);
		if (end.len > 0)
			quoted_take(&q, span("\r\n", 2), &w->line);
		if (walk_drain(w) != 0)
			return -1;
	}
	/* The line end before a boundary is not content, nor is it here. */
	quoted_end(&q, c->last, &w->line);
	return rc;
}

/* text: line ends are CRLF, the canonical form (RFC 2049 4); otherwise they
 * are bytes like others. */
static int
write_base64(struct walk *w, const struct content *c, bool is_text)
{
	struct span text, end;
	struct base64 b;
	int rc;

	base64_init(&b);
	while ((rc = take(w, c, &text, &end)) == 1) {
		base64_take(&b, text, &w->line);
		if (end.len > 0)
			base64_take(
			    &b, is_text ? span("\r\n", 2) : end, &w->line);
		if (walk_drain(w) != 0)
			return -1;
	}
	base64_end(&b, &w->line);
	return rc;
}

static bool
is_code(char c)
{
	return text_is_digit(c) || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '+' || c == '/' || c == '=';
}

/* The same code in lines of 76; what is no code is nothing (RFC 2045 6.8). */
static int
write_rewrapped(struct walk *w, const struct content *c)
{
	struct span text, end;
	size_t column = 0;
	int rc;

	while ((rc = take(w, c, &text, &end)) == 1) {
		for (size_t i = 0; i < text.len; i++) {
			char ch = text.at[i];

			if (!is_code(ch))
				continue;
			buf_add_byte(&w->line, ch);
			if (++column == 76) {
				buf_add_text(&w->line, "\r\n");
				column = 0;
			}
		}
		if (walk_drain(w) != 0)
			return -1;
	}
	if (column > 0)
		buf_add_text(&w->line, "\r\n");
	return rc;
}

static int
write_kept(struct walk *w)
{
	int rc;

	while ((rc = walk_peek(w)) == 1 && w->boundary < 0) {
		if (walk_copy_piece(w) != 0)
			return -1;
		walk_skip(w);
	}
	return rc < 0 ? -1 : 0;
}

static int
write_content(struct walk *w, const struct content *c, const struct media *m,
    enum action action)
{
	switch (action) {
	case ACTION_KEEP:
	case ACTION_DECLARE:
		return write_kept(w);
	case ACTION_QUOTE:
		return write_quoted(w, c, false);
	case ACTION_REQUOTE:
		return write_quoted(w, c, true);
	case ACTION_BASE64:
		return write_base64(w, c, m->form == FORM_TEXT);
	case ACTION_REWRAP:
		return write_rewrapped(w, c);
	}
	return 0;
}

int
leaf(struct walk *w, struct span head, const struct media *m, enum place place)
{
	struct changes changes;
	struct content content;
	enum action action;

	if (look(w, &content) != 0)
		return -1;
	action = choose(w, m, &content.facts, place);
	changes = changes_for(m, &content, action, place);
	if (w->locked && (action != ACTION_KEEP || is_change(&changes)))
		return walk_fail(w, "it would have to be encoded, and is "
				    "signed; encode it before it is signed");
	if ((action == ACTION_QUOTE || action == ACTION_BASE64) &&
	    m->form != FORM_TEXT && m->form != FORM_OTHER)
		return walk_fail(w, "it has lines that cannot leave, and is of "
				    "a type that cannot be encoded");
	if (action != ACTION_KEEP && m->transfer == TRANSFER_OTHER)
		return walk_fail(w, "it has lines that cannot leave, in an "
				    "encoding that is not known");
	explain(w, &content, &changes);
	if (walk_write_head(w, head, &changes) != 0 ||
	    write_content(w, &content, m, action) != 0)
		return -1;
	/* The line end before the boundary, if it came as an empty line. */
	while (walk_peek(w) == 1 && w->boundary < 0)
		walk_skip(w);
	return walk_drain(w);
}
