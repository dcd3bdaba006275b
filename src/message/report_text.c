/* SPDX-License-Identifier: ISC */
/* Words of others, as a report may have them. */
#include "message/report_text.h"

#include "base/text.h"
#include "message/address.h"
#include "message/utf8.h"

/* RFC 5322 2.1.1 wants 78 at most, and has 998 as the limit. */
#define LINE_WANTED 76
#define WORD_LONGEST 900

/* How much of a word may stand in one line; never ends inside a character. */
static size_t
fitting(struct span word)
{
	size_t n = WORD_LONGEST;

	if (word.len <= n)
		return word.len;
	while (n > 1 && ((unsigned char)word.at[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
report_wrap(struct span text, size_t column, const char *indent, struct buf *to)
{
	struct span word;
	bool begins = true;

	while (span_cut(&text, ' ', &word)) {
		while (word.len > 0) {
			size_t n = fitting(word);

			if (begins) {
				begins = false;
			} else if (column + 1 + n > LINE_WANTED) {
				buf_printf(to, "\r\n%s", indent);
				column = strlen(indent);
			} else {
				buf_add_byte(to, ' ');
				column++;
			}
			buf_add(to, word.at, n);
			column += n;
			word = span_from(word, n);
		}
	}
}

static unsigned long
code_point(const char *at, size_t len)
{
	static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	unsigned long point = (unsigned char)at[0] & masks[len];

	for (size_t i = 1; i < len; i++)
		point = point << 6 | ((unsigned char)at[i] & 0x3f);
	return point;
}

void
report_ascii(struct span text, const char *special, struct buf *to)
{
	while (text.len > 0) {
		size_t n = utf8_length(text);
		char c = text.at[0];

		if (n == 1 &&
		    (text_is_control(c) || address_is_utf8(span(&c, 1))))
			buf_add_byte(to, '?');
		else if (n > 1 || strchr(special, c) != NULL)
			buf_printf(to, "\\x{%lX}", code_point(text.at, n));
		else
			buf_add_byte(to, c);
		text = span_from(text, n);
	}
}

static int
hex_value(char c)
{
	const char *digits = "0123456789ABCDEF", *hit = strchr(digits, c);

	return c != '\0' && hit != NULL ? (int)(hit - digits) : -1;
}

void
report_xtext(struct span xtext, struct buf *to)
{
	for (size_t i = 0; i < xtext.len; i++) {
		char c = xtext.at[i];
		int high = -1, low = -1;

		if (c == '+' && i + 2 < xtext.len) {
			high = hex_value(xtext.at[i + 1]);
			low = hex_value(xtext.at[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			c = (char)(high << 4 | low);
			i += 2;
		}
		buf_add_byte(
		    to, text_is_control(c) || address_is_utf8(span(&c, 1)) ? '?'
									   : c);
	}
}
