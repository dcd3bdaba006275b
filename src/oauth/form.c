/* SPDX-License-Identifier: ISC */
/* Names and values, escaped. */
#include "oauth/form.h"

#include <string.h>

/* RFC 3986 2.3: these stand for themselves. */
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

void
form_add(struct buf *form, const char *name, const char *value)
{
	static const char digits[] = "0123456789ABCDEF";

	if (form->len > 0)
		buf_add_byte(form, '&');
	buf_add_text(form, name);
	buf_add_byte(form, '=');
	for (const char *at = value; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		if (strchr(plain, *at) != NULL) {
			buf_add_byte(form, *at);
			continue;
		}
		buf_add_byte(form, '%');
		buf_add_byte(form, digits[c >> 4]);
		buf_add_byte(form, digits[c & 15]);
	}
}

/* -1: none. */
static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The next byte of the value, unescaped; -1: it is not well escaped. */
static int
next(struct span *value)
{
	int high, low, c = (unsigned char)value->at[0];

	*value = span_from(*value, 1);
	if (c == '+')
		return ' ';
	if (c != '%')
		return c;
	if (value->len < 2)
		return -1;
	high = digit_of(value->at[0]);
	low = digit_of(value->at[1]);
	*value = span_from(*value, 2);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool
unescape(struct span value, struct buf *to)
{
	while (value.len > 0) {
		int c = next(&value);

		if (c < ' ' || c > '~')
			return false;
		buf_add_byte(to, (char)c);
	}
	return buf_ok(to);
}

bool
form_find(struct span form, const char *name, struct buf *to)
{
	struct span one, word;
	bool found = false;

	while (span_cut(&form, '&', &one)) {
		if (!span_cut(&one, '=', &word) || !span_is(word, name))
			continue;
		if (found || !unescape(one, to))
			return false;
		found = true;
	}
	return found;
}
