/* SPDX-License-Identifier: ISC */
/* Decoders for what the encoders of message/ write: strict, so that what is
 * not well formed is a failure. */
#ifndef DECODE_H
#define DECODE_H

#include "unit.h"

#include "base/buf.h"

#include <string.h>

/* The next of a sequence that is the same in every run. */
static inline unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) & 0x7fff;
}

static inline int
decode_digit(const char *digits, char c)
{
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* =XX, or another lead than "=". */
static inline bool
decode_hex(struct span code, struct buf *to)
{
	static const char digits[] = "0123456789ABCDEF";
	int high = code.len < 3 ? -1 : decode_digit(digits, code.at[1]);
	int low = code.len < 3 ? -1 : decode_digit(digits, code.at[2]);

	if (high < 0 || low < 0)
		return false;
	buf_add_byte(to, (char)(high << 4 | low));
	return true;
}

/* One line without its end. *soft: it ends in "=". */
static inline bool
decode_quoted_line(struct span line, struct buf *to, bool *soft)
{
	*soft = false;
	if (line.len > 76)
		return false;
	if (line.len > 0 && strchr(" \t", line.at[line.len - 1]) != NULL)
		return false;
	while (line.len > 0) {
		size_t n = line.at[0] == '=' ? 3 : 1;

		if (line.at[0] == '=' && line.len == 1) {
			*soft = true;
			return true;
		}
		if (n == 3 ? !decode_hex(line, to)
			   : (line.at[0] > '~' || line.at[0] < ' ') &&
				 line.at[0] != '\t')
			return false;
		if (n == 1)
			buf_add_byte(to, line.at[0]);
		line = span_from(line, n);
	}
	return true;
}

/* RFC 2045 6.7: every line at most 76, ended by CRLF, plain ASCII. */
static inline bool
decode_quoted(struct span code, struct buf *to)
{
	while (code.len > 0) {
		const char *lf = memchr(code.at, '\n', code.len);
		size_t n = lf == NULL ? 0 : (size_t)(lf - code.at);
		bool soft;

		if (n == 0 || lf[-1] != '\r' ||
		    !decode_quoted_line(span(code.at, n - 1), to, &soft))
			return false;
		if (!soft)
			buf_add_text(to, "\r\n");
		code = span_from(code, n + 1);
	}
	return true;
}

/* Whole groups of four, padding only at the end. */
static inline bool
decode_base64_text(struct span code, struct buf *to)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";

	for (; code.len >= 4; code = span_from(code, 4)) {
		unsigned long bits = 0;
		size_t pad = code.len > 4        ? 0
			     : code.at[2] == '=' ? 2
						 : code.at[3] == '=';

		for (size_t i = 0; i < 4; i++) {
			int d = i >= 4 - pad && code.at[i] == '='
				    ? 0
				    : decode_digit(digits, code.at[i]);

			if (d < 0)
				return false;
			bits = bits << 6 | (unsigned long)d;
		}
		for (size_t i = 0; i < 3 - pad; i++)
			buf_add_byte(to, (char)(bits >> (16 - 8 * i) & 0xff));
	}
	return code.len == 0;
}

/* RFC 2045 6.8: every line at most 76, ended by CRLF. */
static inline bool
decode_base64(struct span code, struct buf *to)
{
	struct buf all;
	struct span line;
	bool ok = true;

	buf_init(&all, code.len);
	while (ok && span_cut(&code, '\n', &line)) {
		ok = line.len > 0 && line.len <= 77 &&
		     line.at[line.len - 1] == '\r';
		buf_add(&all, line.at, ok ? line.len - 1 : 0);
	}
	ok = ok && decode_base64_text(buf_span(&all), to);
	buf_release(&all);
	return ok;
}

static inline bool
span_same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

#endif
