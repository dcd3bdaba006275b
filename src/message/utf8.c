/* SPDX-License-Identifier: ISC */
/* UTF-8, by libunistring: the only user of it. */
#include "message/utf8.h"

#include <unistr.h>

size_t
utf8_length(struct span text)
{
	int n;

	if (text.len == 0)
		return 0;
	n = u8_mblen((const uint8_t *)text.at, text.len);
	return n > 0 ? (size_t)n : 1;
}

bool
utf8_is_valid(struct span text)
{
	return u8_check((const uint8_t *)text.at, text.len) == NULL;
}

void
utf8_check_init(struct utf8_check *c)
{
	*c = (struct utf8_check){0};
}

/* How many octets has a character that begins so? 0: none begins so. */
static size_t
length_by_first(char first)
{
	unsigned char c = (unsigned char)first;

	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c < 0xe0)
		return 2;
	if (c >= 0xe0 && c < 0xf0)
		return 3;
	return c >= 0xf0 && c < 0xf5 ? 4 : 0;
}

/* Completes the character that the last piece began. */
static struct span
complete(struct utf8_check *c, struct span bytes)
{
	size_t want = length_by_first(c->held[0]);

	while (c->len < want && bytes.len > 0) {
		c->held[c->len++] = bytes.at[0];
		bytes = span_from(bytes, 1);
	}
	if (c->len == want) {
		c->broken = c->broken || !utf8_is_valid(span(c->held, c->len));
		c->len = 0;
	}
	return bytes;
}

/* How much at the end of bytes is a character whose rest is yet to come? */
static size_t
open_end(struct span bytes)
{
	for (size_t n = 1; n <= 3 && n <= bytes.len; n++) {
		char c = bytes.at[bytes.len - n];

		if (((unsigned char)c & 0xc0) != 0x80)
			return length_by_first(c) > n ? n : 0;
	}
	return 0;
}

void
utf8_check_take(struct utf8_check *c, struct span bytes)
{
	size_t n;

	if (c->len > 0)
		bytes = complete(c, bytes);
	if (bytes.len == 0 || c->broken)
		return;
	n = open_end(bytes);
	c->broken = !utf8_is_valid(span(bytes.at, bytes.len - n));
	memcpy(c->held, bytes.at + bytes.len - n, n);
	c->len = n;
}

bool
utf8_check_end(const struct utf8_check *c)
{
	return !c->broken && c->len == 0;
}
