/* SPDX-License-Identifier: ISC */
/* The content of a part that has no parts. */
#include "message/content.h"

#include "base/text.h"
#include "message/base64.h"
#include "message/quoted.h"

int
content_look(struct walk *w, struct content *c)
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

int
content_write(
    struct walk *w, const struct content *c, bool text, enum action action)
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
		return write_base64(w, c, text);
	case ACTION_REWRAP:
		return write_rewrapped(w, c);
	}
	return 0;
}
