/* SPDX-License-Identifier: ISC */
/* Walking the header block. */
#include "message/header.h"

/* RFC 5322 3.6.8: printable ASCII but the colon. */
static bool
is_name_char(char c)
{
	return c > ' ' && c < 0x7f && c != ':';
}

enum line_kind
header_line_kind(struct span line)
{
	size_t n = 0;

	if (line.len == 0)
		return LINE_EMPTY;
	if (line.at[0] == ' ' || line.at[0] == '\t')
		return LINE_CONTINUATION;
	while (n < line.len && is_name_char(line.at[n]))
		n++;
	if (n == 0)
		return LINE_OTHER;
	/* RFC 5322 4.5: blanks before the colon are obsolete, not wrong. */
	while (n < line.len && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	if (n < line.len && line.at[n] == ':')
		return LINE_FIELD;
	if (span_starts(line, "From ") || span_starts(line, ">From "))
		return LINE_MBOX;
	return LINE_OTHER;
}

static void
split(struct field *f)
{
	size_t n = 0;

	f->body = f->whole;
	while (f->body.len > 0 && (f->body.at[f->body.len - 1] == '\n' ||
				      f->body.at[f->body.len - 1] == '\r'))
		f->body.len--;
	f->name = span(f->whole.at, 0);
	if (header_line_kind(f->body) != LINE_FIELD)
		return;
	while (is_name_char(f->whole.at[n]))
		n++;
	f->name = span(f->whole.at, n);
	while (f->whole.at[n] != ':')
		n++;
	f->body = span_from(f->body, n + 1);
}

bool
header_next(struct span *rest, struct field *f)
{
	size_t end = 0;

	if (rest->len == 0)
		return false;
	do {
		const char *lf = memchr(rest->at + end, '\n', rest->len - end);

		end = lf ? (size_t)(lf - rest->at) + 1 : rest->len;
	} while (
	    end < rest->len && (rest->at[end] == ' ' || rest->at[end] == '\t'));
	f->whole = span(rest->at, end);
	split(f);
	*rest = span_from(*rest, end);
	return true;
}

bool
header_find(struct span head, const char *name, struct field *f)
{
	while (header_next(&head, f))
		if (span_is_nocase(f->name, name))
			return true;
	return false;
}

void
header_unfold(struct span body, struct buf *to)
{
	body = span_trim(body);
	for (size_t i = 0; i < body.len; i++)
		if (body.at[i] != '\r' && body.at[i] != '\n')
			buf_add_byte(to, body.at[i]);
}
