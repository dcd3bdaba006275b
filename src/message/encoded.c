/* SPDX-License-Identifier: ISC */
/* Encoded words and extended parameters. */
#include "message/encoded.h"

#include "base/text.h"
#include "message/base64.h"
#include "message/utf8.h"

/* RFC 2047 2: 75 with "=?", "?Q?", "?=" and the charset. */
#define WORD_MAX 75

/* RFC 2231 3: a line of a parameter, with room for its name and number. */
#define PARAMETER_MAX 54

/* Folds and tabs may stand; NUL is not among them. */
static bool
is_odd(char c)
{
	return (unsigned char)c >= 0x80 ||
	       (text_is_control(c) && c != '\t' && c != '\r' && c != '\n');
}

bool
encoded_is_needed(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_odd(text.at[i]))
			return true;
	return false;
}

const char *
encoded_charset(struct span text)
{
	return utf8_is_valid(text) ? "utf-8" : "iso-8859-1";
}

/* RFC 2047 5 (3): what may stand for itself in a word of a phrase. */
static bool
is_plain(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '!' || c == '*' || c == '+' ||
	       c == '-' || c == '/';
}

static size_t
q_length(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += is_plain(text.at[i]) || text.at[i] == ' ' ? 1 : 3;
	return n;
}

static void
add_q(struct span text, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_plain(text.at[i]))
			buf_add_byte(to, text.at[i]);
		else if (text.at[i] == ' ')
			buf_add_byte(to, '_');
		else
			buf_printf(to, "=%02X", (unsigned char)text.at[i]);
	}
}

/* How much of text, in whole characters, is at most room octets of code. */
static size_t
fitting(struct span text, bool utf8, bool q, size_t room)
{
	size_t taken = 0;

	while (taken < text.len) {
		size_t n = utf8 ? utf8_length(span_from(text, taken)) : 1;
		size_t code = q ? q_length(span(text.at, taken + n))
				: (taken + n + 2) / 3 * 4;

		if (code > room && taken > 0)
			break;
		taken += n;
	}
	return taken;
}

void
encoded_words(struct span text, struct buf *to)
{
	const char *charset = encoded_charset(text);
	bool utf8 = charset[0] == 'u';
	/* Q stays half readable, so it may be a little longer. */
	bool q = q_length(text) <= (text.len + 2) / 3 * 5;
	size_t room = WORD_MAX -
		      strlen("=?"
			     "?Q?"
			     "?=") -
		      strlen(charset);

	for (bool first = true; text.len > 0; first = false) {
		size_t n = fitting(text, utf8, q, room);
		struct span part = span(text.at, n);

		buf_printf(to, "%s=?%s?%c?", first ? "" : "\r\n ", charset,
		    q ? 'Q' : 'B');
		if (q)
			add_q(part, to);
		else
			base64_add(part, to);
		buf_add_text(to, "?=");
		text = span_from(text, n);
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void
encoded_text(struct span text, struct buf *to)
{
	size_t begin = 0, end = text.len, next, before;

	if (!encoded_is_needed(text)) {
		buf_add_span(to, text);
		return;
	}
	while (!is_odd(text.at[begin]))
		begin++;
	while (begin > 0 && !is_blank(text.at[begin - 1]))
		begin--;
	while (!is_odd(text.at[end - 1]))
		end--;
	while (end < text.len && !is_blank(text.at[end]))
		end++;
	/* Between two encoded words a blank is none (RFC 2047 6.2): one beside
	 * what is encoded already must be in ours. */
	next = end;
	while (next < text.len && is_blank(text.at[next]))
		next++;
	if (span_starts(span_from(text, next), "=?"))
		end = next;
	before = begin;
	while (before > 0 && is_blank(text.at[before - 1]))
		before--;
	if (before > 1 && memcmp(text.at + before - 2, "?=", 2) == 0)
		begin = before;
	buf_add(to, text.at, begin);
	if (begin == before && begin > 0)
		buf_add_byte(to, ' ');
	encoded_words(span(text.at + begin, end - begin), to);
	if (end == next && end < text.len)
		buf_add_byte(to, ' ');
	buf_add_span(to, span_from(text, end));
}

/* RFC 2231 7: attribute-char. */
static bool
is_attribute_char(char c)
{
	return c > ' ' && c < 0x7f && strchr("*'%()<>@,;:\\\"/[]?=", c) == NULL;
}

/* coded: "%" and the like are code already. */
static void
add_percent(struct span text, bool coded, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		bool plain =
		    coded ? !is_odd(text.at[i]) : is_attribute_char(text.at[i]);

		if (plain)
			buf_add_byte(to, text.at[i]);
		else
			buf_printf(to, "%%%02X", (unsigned char)text.at[i]);
	}
}

void
encoded_parameter(struct span name, struct span value, struct buf *to)
{
	const char *charset = encoded_charset(value);
	bool parts = 3 * value.len > PARAMETER_MAX;
	unsigned i = 0;

	if (name.len > 0 && name.at[name.len - 1] == '*') {
		buf_add_span(to, name);
		buf_add_byte(to, '=');
		add_percent(value, true, to);
		return;
	}
	do {
		size_t n = PARAMETER_MAX / 3;

		if (n > value.len || !parts)
			n = value.len;
		if (i > 0)
			buf_add_text(to, ";\r\n ");
		buf_add_span(to, name);
		if (parts)
			buf_printf(to, "*%u", i);
		buf_printf(
		    to, "*=%s%s", i == 0 ? charset : "", i == 0 ? "''" : "");
		add_percent(span(value.at, n), false, to);
		value = span_from(value, n);
		i++;
	} while (value.len > 0);
}
