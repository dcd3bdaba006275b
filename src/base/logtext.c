/* SPDX-License-Identifier: ISC */
/* What others wrote, made harmless and kept whole. */
#include "base/logtext.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Names of fields: none of them, with its "=", comes from others. */
static const char *const names[] = {"broken", "delay", "dsn", "from",
    "message-id", "nrcpt", "orig-from", "relay", "rewritten", "size", "status",
    "tls", "to", "uid", "via"};

struct range {
	uint32_t first, last;
};

/* Controls, and what turns or hides what is beside it on a screen. */
static const struct range hidden[] = {
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0xad, 0xad},
    {0x061c, 0x061c},
    {0x180e, 0x180e},
    {0x200b, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe007f},
};

/* The octets of the first character and its code point; 0: no UTF-8. */
static size_t
decode(struct span s, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s.at[0];
	size_t n = c < 0x80   ? 1
		   : c < 0xc2 ? 0
		   : c < 0xe0 ? 2
		   : c < 0xf0 ? 3
			      : 4;

	if (n == 0 || c > 0xf4 || s.len < n)
		return 0;
	*point = n == 1 ? c : c & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.at[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (next & 0x3f);
	}
	if (*point < least[n] || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return n;
}

static bool
is_hidden(uint32_t point)
{
	if (point >= ' ' && point <= '~')
		return false;
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (point >= hidden[i].first && point <= hidden[i].last)
			return true;
	return false;
}

/* Does what stands before the "=" end as one of our names does? */
static bool
is_behind_name(struct span before)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t n = strlen(names[i]);

		if (before.len >= n &&
		    memcmp(before.at + before.len - n, names[i], n) == 0)
			return true;
	}
	return false;
}

/* Must this character, which is ASCII or no hidden one, be escaped? */
static bool
is_special(enum logtext form, struct span text, size_t at)
{
	char c = text.at[at];
	bool plain = text_is_digit(c) || (c >= 'a' && c <= 'z') ||
		     (c >= 'A' && c <= 'Z');

	if (plain || c == '.' || c == ' ' || c == '@')
		return c == ' ' && form == LOGTEXT_WORD;
	if (form == LOGTEXT_JSON)
		return c == '"' || c == '\\';
	if (c == '=' && is_behind_name(span(text.at, at)))
		return true;
	switch (form) {
	case LOGTEXT_WORD:
		return strchr("-._:/@+%[]", c) == NULL;
	case LOGTEXT_ADDRESS:
		return c == '<' || c == '>' || c == '\\';
	default:
		return c == '\\';
	}
}

/* One character that must not stand as it is; n octets, 0: no UTF-8. */
static void
write_escaped(char *to, size_t size, enum logtext form, struct span rest,
    size_t n, uint32_t point)
{
	size_t octets = n == 0 ? 1 : n, len = 0;

	to[0] = '\0';
	if (rest.at[0] == '\\' || (form == LOGTEXT_JSON && rest.at[0] == '"')) {
		snprintf(to, size, "\\%c", rest.at[0]);
	} else if (form != LOGTEXT_JSON) {
		for (size_t i = 0; i < octets; i++, len += 4)
			snprintf(to + len, size - len, "\\x%02x",
			    (unsigned)(unsigned char)rest.at[i]);
	} else if (n == 0) {
		snprintf(to, size, "\\ufffd");
	} else if (point > 0xffff) {
		snprintf(to, size, "\\u%04x\\u%04x",
		    (unsigned)(0xd800 + ((point - 0x10000) >> 10)),
		    (unsigned)(0xdc00 + ((point - 0x10000) & 0x3ff)));
	} else {
		snprintf(to, size, "\\u%04x", (unsigned)point);
	}
}

size_t
logtext_escape(char *to, size_t size, enum logtext form, struct span text)
{
	size_t len = 0, step;

	for (size_t at = 0; at < text.len; at += step) {
		struct span rest = span_from(text, at);
		uint32_t point = 0;
		size_t n = decode(rest, &point);
		char written[20];

		step = n == 0 ? 1 : n;
		if (n == 0 || is_hidden(point) ||
		    (n == 1 && is_special(form, text, at)) ||
		    (n > 1 && form == LOGTEXT_WORD)) {
			write_escaped(
			    written, sizeof written, form, rest, n, point);
			rest = span_of(written);
		} else {
			rest = span(rest.at, n);
		}
		if (len + rest.len >= size)
			break;
		memcpy(to + len, rest.at, rest.len);
		len += rest.len;
	}
	to[len] = '\0';
	return len;
}
