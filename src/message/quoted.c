/* SPDX-License-Identifier: ISC */
/* Quoted-printable. */
#include "message/quoted.h"

/* RFC 2045 6.7 (5): 76 with the "=" of a soft line end. */
#define COLUMN_MAX 75

static void
soft_line_end(struct quoted *q, struct buf *to)
{
	buf_add_text(to, "=\r\n");
	q->column = 0;
	q->softly = true;
}

static void
put(struct quoted *q, const char *code, size_t len, struct buf *to)
{
	if (q->column + len > COLUMN_MAX)
		soft_line_end(q, to);
	buf_add(to, code, len);
	q->column += len;
}

static void
put_encoded(struct quoted *q, char c, struct buf *to)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char byte = (unsigned char)c;
	char code[3] = {'=', digits[byte >> 4], digits[byte & 15]};

	put(q, code, sizeof code, to);
}

/* A line that begins only here must not look like a boundary. */
static void
put_plain(struct quoted *q, char c, struct buf *to)
{
	if (q->column + 1 > COLUMN_MAX)
		soft_line_end(q, to);
	if (c == '-' && q->column == 0 && q->softly)
		put_encoded(q, c, to);
	else
		put(q, &c, 1, to);
}

/* What was held back is inside a line after all. */
static void
put_held(struct quoted *q, struct buf *to)
{
	if (q->blank != '\0')
		put(q, &q->blank, 1, to);
	q->blank = '\0';
	if (q->cr)
		put_encoded(q, '\r', to);
	q->cr = false;
}

static void
end_line(struct quoted *q, struct buf *to)
{
	/* In code a blank before a line end means nothing (6.7 (3)). */
	if (q->blank != '\0' && !q->keep_codes)
		put_encoded(q, q->blank, to);
	q->blank = '\0';
	q->cr = false;
	buf_add_text(to, "\r\n");
	q->column = 0;
	q->softly = false;
}

static bool
is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != '=';
}

static bool
is_hex(char c)
{
	return memchr("0123456789ABCDEFabcdef", c, 22) != NULL;
}

void
quoted_init(struct quoted *q)
{
	*q = (struct quoted){0};
}

/* "=" and perhaps a digit that no code came of. */
static void
give_up_code(struct quoted *q, struct buf *to)
{
	if (q->code_len > 0)
		put_encoded(q, '=', to);
	if (q->code_len == 2)
		put_plain(q, q->code[1], to);
	q->code_len = 0;
}

/*
 * Code stays code, in one piece: "=" and two digits. Before a line end "="
 * ends nothing, and both go; anywhere else it is a byte like others.
 */
static bool
take_code(struct quoted *q, char c, struct buf *to)
{
	if (q->code_len == 0 && c != '=')
		return false;
	if (q->code_len == 0 || (!q->cr && is_hex(c))) {
		if (q->code_len == 0)
			put_held(q, to);
		q->code[q->code_len++] = c;
		if (q->code_len == sizeof q->code) {
			put(q, q->code, sizeof q->code, to);
			q->code_len = 0;
		}
		return true;
	}
	if (q->code_len == 1 && c == '\r' && !q->cr) {
		q->cr = true;
		return true;
	}
	if (q->code_len == 1 && c == '\n') {
		q->code_len = 0;
		q->cr = false;
		return true;
	}
	give_up_code(q, to);
	q->code_len = c == '=';
	return c == '=';
}

static void
take_byte(struct quoted *q, char c, struct buf *to)
{
	if (c == '\n') {
		end_line(q, to);
		return;
	}
	if (c == '\r' && !q->cr) {
		q->cr = true;
		return;
	}
	put_held(q, to);
	if (c == '\r')
		q->cr = true;
	else if (c == ' ' || c == '\t')
		q->blank = c;
	else if (is_plain(c))
		put_plain(q, c, to);
	else
		put_encoded(q, c, to);
}

void
quoted_take(struct quoted *q, struct span bytes, struct buf *to)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (!q->keep_codes || !take_code(q, bytes.at[i], to))
			take_byte(q, bytes.at[i], to);
}

void
quoted_end(struct quoted *q, bool soft, struct buf *to)
{
	/* "=" before the end is a soft line end, whose line end is cut off. */
	if (q->code_len == 1)
		q->code_len = 0;
	give_up_code(q, to);
	/* At the end of all, a blank is before a line end too. */
	if (q->blank != '\0' && !q->cr) {
		put_encoded(q, q->blank, to);
		q->blank = '\0';
	}
	put_held(q, to);
	if (!soft)
		buf_add_text(to, "\r\n");
	else if (q->column > 0)
		buf_add_text(to, "=\r\n");
	q->column = 0;
}
