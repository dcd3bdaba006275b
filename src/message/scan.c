/* SPDX-License-Identifier: ISC */
/* The words of address lists. */
#include "message/scan.h"

#include "base/text.h"
#include "message/atom.h"

/* Nested comments beyond this are an attack, not a remark. */
#define COMMENT_DEPTH_MAX 32

int
scan_bad(struct scanner *s, const char *why)
{
	return error_set(s->err, ERR_RECIPIENT, "%s", why);
}

static int
skip_comment(struct scanner *s)
{
	size_t depth = 0;

	do {
		char c;

		if (s->rest.len == 0)
			return scan_bad(s, "comment without its closing \")\"");
		c = s->rest.at[0];
		if (c == '\\' && s->rest.len > 1)
			s->rest = span_from(s->rest, 1);
		else if (c == '(' && ++depth > COMMENT_DEPTH_MAX)
			return scan_bad(s, "comments nested too deeply");
		else if (c == ')')
			depth--;
		s->rest = span_from(s->rest, 1);
	} while (depth > 0);
	return 0;
}

int
scan_blanks(struct scanner *s)
{
	while (s->rest.len > 0) {
		char c = s->rest.at[0];

		if (c == '(') {
			if (skip_comment(s) != 0)
				return -1;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			s->rest = span_from(s->rest, 1);
		} else {
			break;
		}
	}
	return 0;
}

static void
add_word(struct scanner *s)
{
	if (s->word_count > 0 && !s->dot_last) {
		s->gap = true;
		buf_add_byte(&s->words, ' ');
	}
	s->word_count++;
	s->dot_last = false;
}

static int
take_quoted(struct scanner *s)
{
	add_word(s);
	for (s->rest = span_from(s->rest, 1); scan_peek(s) != '"';
	     s->rest = span_from(s->rest, 1)) {
		if (scan_peek(s) == '\r' || scan_peek(s) == '\n')
			continue; /* a fold: only its blank counts */
		if (scan_peek(s) == '\\' && s->rest.len > 1)
			s->rest = span_from(s->rest, 1);
		if (s->rest.len == 0)
			return scan_bad(
			    s, "quoted string without its closing \"");
		buf_add_byte(&s->words, scan_peek(s));
	}
	s->rest = span_from(s->rest, 1);
	return 0;
}

static void
take_atom(struct scanner *s)
{
	size_t n = 0;

	add_word(s);
	while (n < s->rest.len && atom_is_char(s->rest.at[n]))
		n++;
	buf_add(&s->words, s->rest.at, n);
	s->rest = span_from(s->rest, n);
}

int
scan_words(struct scanner *s)
{
	buf_clear(&s->words);
	s->word_count = 0;
	s->gap = s->dot_last = false;
	for (;;) {
		if (scan_blanks(s) != 0)
			return -1;
		if (s->rest.len == 0)
			return 0;
		if (scan_peek(s) == '"') {
			if (take_quoted(s) != 0)
				return -1;
		} else if (scan_peek(s) == '.') {
			buf_add_byte(&s->words, '.');
			s->dot_last = true;
			s->rest = span_from(s->rest, 1);
		} else if (atom_is_char(scan_peek(s))) {
			take_atom(s);
		} else if (text_is_control(scan_peek(s)) ||
			   scan_peek(s) == '\0') {
			return scan_bad(s, "control character");
		} else {
			return 0;
		}
	}
}

/* "[" anything "]" (RFC 5321 4.1.3); its inside is judged later. */
static int
take_literal(struct scanner *s, struct buf *to)
{
	struct span inside;

	if (!span_cut(&s->rest, ']', &inside) || s->rest.at[-1] != ']')
		return scan_bad(s, "\"[\" without its \"]\"");
	buf_add_span(to, inside);
	buf_add_byte(to, ']');
	return scan_blanks(s);
}

int
scan_domain(struct scanner *s, struct buf *to)
{
	if (scan_blanks(s) != 0)
		return -1;
	if (scan_peek(s) == '[')
		return take_literal(s, to);
	for (;;) {
		while (s->rest.len > 0 && atom_is_char(scan_peek(s))) {
			buf_add_byte(to, scan_peek(s));
			s->rest = span_from(s->rest, 1);
		}
		if (scan_blanks(s) != 0)
			return -1;
		if (scan_peek(s) != '.')
			return 0;
		buf_add_byte(to, '.');
		s->rest = span_from(s->rest, 1);
		if (scan_blanks(s) != 0)
			return -1;
	}
}
