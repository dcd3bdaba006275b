/* SPDX-License-Identifier: ISC */
/* Names and comments in address fields, in ASCII. */
#include "message/phrase.h"

#include "base/limits.h"
#include "base/text.h"
#include "message/encoded.h"
#include "message/idn.h"

#include <stdlib.h>

/* How long is the quoted string or comment that text begins with? */
static size_t
nested_length(struct span text)
{
	char open = text.at[0], close = open == '(' ? ')' : '"';
	size_t depth = 1, i;

	for (i = 1; i < text.len && depth > 0; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == close)
			depth--;
		else if (text.at[i] == open)
			depth++;
	}
	return i < text.len ? i : text.len;
}

/* How long is what text begins with and cannot be cut: a quoted string, a
 * comment, a domain literal, or one octet? */
static size_t
unit_length(struct span text)
{
	const char *close;

	if (text.at[0] == '"' || text.at[0] == '(')
		return nested_length(text);
	close = text.at[0] == '[' ? memchr(text.at, ']', text.len) : NULL;
	return close != NULL ? (size_t)(close - text.at) + 1 : 1;
}

/* How long is text up to one of stops outside of such? */
static size_t
length_up_to(struct span text, const char *stops)
{
	size_t i = 0;

	while (i < text.len &&
	       (text.at[i] == '\0' || strchr(stops, text.at[i]) == NULL))
		i += unit_length(span_from(text, i));
	return i;
}

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

/* An address with its domain in ASCII, if it has one that is not. */
static void
add_address(struct span text, struct buf *to)
{
	size_t at = length_up_to(text, "@");
	struct span domain = span_from(text, at < text.len ? at + 1 : at);
	struct span core = span_trim(domain);

	if (!encoded_is_needed(core)) {
		buf_add_span(to, text);
		return;
	}
	buf_add(to, text.at, (size_t)(core.at - text.at));
	if (!idn_to_ascii(core, to))
		buf_add_span(to, core);
	buf_add_span(
	    to, span_from(domain, (size_t)(core.at - domain.at) + core.len));
}

/* Anything but a phrase: an address, and comments. */
static void
add_with_comments(struct span text, struct buf *to)
{
	while (text.len > 0) {
		size_t n = 0;

		if (text.at[0] == '(') {
			n = nested_length(text);
			add_comment(span(text.at, n), to);
		} else {
			while (n < text.len && text.at[n] != '(')
				n += unit_length(span_from(text, n));
			n = n < text.len ? n : text.len;
			add_address(span(text.at, n), to);
		}
		text = span_from(text, n);
	}
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
	struct span inside = span_trim(angle);
	size_t n;

	if (inside.len == 0 || inside.at[0] != '@')
		return angle;
	n = length_up_to(angle, ":");
	if (n == angle.len || !encoded_is_needed(span(angle.at, n)))
		return angle;
	return span_from(angle, n + 1);
}

void
phrase_encode_list(struct span body, struct buf *to)
{
	while (body.len > 0) {
		size_t n = length_up_to(body, "<,:;");
		struct span part = span(body.at, n);
		char stop = n < body.len ? body.at[n] : '\0';

		if (stop == '<' || stop == ':')
			add_phrase(part, to);
		else
			add_with_comments(part, to);
		body = span_from(body, n);
		if (stop == '<') {
			n = length_up_to(body, ">");
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

/* How long is text without the blanks and comments at its end? */
static size_t
core_length(struct span text)
{
	size_t core = 0, i = 0;

	while (i < text.len) {
		size_t n = unit_length(span_from(text, i));

		if (text.at[i] != '(' && strchr(" \t\r\n", text.at[i]) == NULL)
			core = i + n;
		i += n;
	}
	return core;
}

/* One address, without its angle brackets if it had any. */
static size_t
qualify_one(struct span address, const char *domain, struct buf *to)
{
	size_t core = core_length(address);
	bool bare = core > 0 && length_up_to(address, "@") == address.len;

	buf_add(to, address.at, core);
	if (bare)
		buf_printf(to, "@%s", domain);
	buf_add_span(to, span_from(address, core));
	return bare;
}

size_t
phrase_qualify(struct span body, const char *domain, struct buf *to)
{
	size_t count = 0;

	while (body.len > 0) {
		size_t n = length_up_to(body, "<,:;");
		char stop = n < body.len ? body.at[n] : '\0';

		/* What stands before these is a name. */
		if (stop == '<' || stop == ':')
			buf_add(to, body.at, n);
		else
			count += qualify_one(span(body.at, n), domain, to);
		body = span_from(body, n);
		if (stop == '\0')
			break;
		buf_add_byte(to, stop);
		body = span_from(body, 1);
		if (stop != '<')
			continue;
		n = length_up_to(body, ">");
		count += qualify_one(span(body.at, n), domain, to);
		body = span_from(body, n);
		/* Behind it, up to the comma, is nothing but comments. */
		n = length_up_to(body, ",;");
		buf_add(to, body.at, n);
		body = span_from(body, n);
	}
	return count;
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
