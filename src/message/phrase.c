/* SPDX-License-Identifier: ISC */
/* Names and comments in address fields, in ASCII. */
#include "message/phrase.h"

#include "base/limits.h"
#include "base/text.h"
#include "message/encoded.h"
#include "message/idn.h"
#include "message/lexeme.h"
#include "message/scan.h"

#include <stdlib.h>

/* A comment, its inside encoded if it must be. */
static void
add_comment(struct span comment, struct buf *to)
{
	struct span inside = span_trim(
	    span(comment.at + 1, comment.len > 1 ? comment.len - 2 : 0));
	struct buf plain;

	if (!encoded_is_needed(comment)) {
		buf_add_span(to, comment);
		return;
	}
	buf_init(&plain, HEADER_BLOCK_MAX);
	for (size_t i = 0; i < inside.len; i++) {
		if (inside.at[i] == '\\' && i + 1 < inside.len)
			i++;
		if (inside.at[i] != '\r' && inside.at[i] != '\n')
			buf_add_byte(&plain, inside.at[i]);
	}
	buf_add_byte(to, '(');
	encoded_words(buf_span(&plain), to);
	buf_add_byte(to, ')');
	buf_release(&plain);
}

/* All as it is but comments. */
static void
add_with_comments(struct span text, struct buf *to)
{
	while (text.len > 0) {
		size_t n = lexeme_length(text);

		if (text.at[0] == '(')
			add_comment(span(text.at, n), to);
		else
			buf_add(to, text.at, n);
		text = span_from(text, n);
	}
}

/* The comments of text alone, a blank before each. */
static void
add_comments(struct span text, struct buf *to)
{
	while (text.len > 0) {
		size_t n = lexeme_length(text);

		if (text.at[0] == '(') {
			buf_add_byte(to, ' ');
			add_comment(span(text.at, n), to);
		}
		text = span_from(text, n);
	}
}

/*
 * An address, and comments. A domain that is not ASCII is read as address.c
 * reads it, which may be in pieces with comments between them, and written in
 * one.
 */
static void
add_address(struct span text, struct buf *to)
{
	size_t at = lexeme_up_to(text, "@");
	struct span behind = span_from(text, at < text.len ? at + 1 : at);
	struct error ignored;
	struct scanner s = {.rest = behind, .err = &ignored};
	struct buf domain, ascii;

	buf_init(&domain, HEADER_BLOCK_MAX);
	buf_init(&ascii, HEADER_BLOCK_MAX);
	if (scan_domain(&s, &domain) == 0 &&
	    encoded_is_needed(buf_span(&domain)) &&
	    idn_to_ascii(buf_span(&domain), &ascii)) {
		add_with_comments(span(text.at, at + 1), to);
		buf_add_span(to, buf_span(&ascii));
		add_comments(behind, to);
	} else {
		add_with_comments(text, to);
	}
	buf_release(&ascii);
	buf_release(&domain);
}

/* The words of a phrase as one text: no quotes, single blanks. */
static void
flatten(struct span phrase, struct buf *to)
{
	bool quoted = false;

	phrase = span_trim(phrase);
	for (size_t i = 0; i < phrase.len; i++) {
		char c = phrase.at[i];

		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (c == '\\' && i + 1 < phrase.len)
			c = phrase.at[++i];
		if (c == '\r' || c == '\n')
			continue;
		if (c == '\t')
			c = ' ';
		if (c == ' ' && !quoted && to->len > 0 &&
		    to->at[to->len - 1] == ' ')
			continue;
		buf_add_byte(to, c);
	}
}

static void
add_phrase(struct span phrase, struct buf *to)
{
	struct buf name;

	if (!encoded_is_needed(phrase)) {
		buf_add_span(to, phrase);
		return;
	}
	/* A fold is a control, and none of its business. */
	buf_init(&name, HEADER_BLOCK_MAX);
	flatten(phrase, &name);
	buf_add_byte(to, ' ');
	encoded_words(buf_span(&name), to);
	buf_add_byte(to, ' ');
	buf_release(&name);
}

/* What stands between "<" and ">" less an obsolete route that is not
 * ASCII: it is to be ignored (RFC 5322 4.4), and may be no text at all. */
static struct span
without_route(struct span angle)
{
	struct error ignored;
	struct scanner s = {.rest = angle, .err = &ignored};
	size_t n;

	if (scan_blanks(&s) != 0 || scan_peek(&s) != '@')
		return angle;
	n = lexeme_up_to(angle, ":");
	if (n == angle.len || !encoded_is_needed(span(angle.at, n)))
		return angle;
	return span_from(angle, n + 1);
}

void
phrase_encode_list(struct span body, struct buf *to)
{
	while (body.len > 0) {
		size_t n = lexeme_up_to(body, "<,:;");
		struct span part = span(body.at, n);
		char stop = n < body.len ? body.at[n] : '\0';

		if (stop == '<' || stop == ':')
			add_phrase(part, to);
		else
			add_address(part, to);
		body = span_from(body, n);
		if (stop == '<') {
			n = lexeme_up_to(body, ">");
			buf_add_byte(to, '<');
			add_address(
			    without_route(span(body.at + 1, n - 1)), to);
			body = span_from(body, n);
		} else if (stop != '\0') {
			buf_add_byte(to, stop);
			body = span_from(body, 1);
		}
	}
}

/* RFC 5322 3.2.3: may stand in a phrase without quotes, blanks between. */
static bool
is_plain(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (strchr("()<>[]:;@\\,.\"", name.at[i]) != NULL)
			return false;
	return true;
}

void
phrase_add_name(struct span given, struct buf *to)
{
	char *copy = must_spandup(given);
	struct span name = span(copy, given.len);

	/* It may come from a caller's argument: no line ends in it. */
	for (size_t i = 0; i < given.len; i++)
		if (text_is_control(copy[i]))
			copy[i] = ' ';
	if (encoded_is_needed(name)) {
		encoded_words(name, to);
	} else if (is_plain(name)) {
		buf_add_span(to, name);
	} else {
		buf_add_byte(to, '"');
		for (size_t i = 0; i < name.len; i++) {
			if (name.at[i] == '"' || name.at[i] == '\\')
				buf_add_byte(to, '\\');
			buf_add_byte(to, name.at[i]);
		}
		buf_add_byte(to, '"');
	}
	free(copy);
}
