/* SPDX-License-Identifier: ISC */
/* Lines of header fields that are too long. */
#include "message/fold.h"

#include "base/limits.h"

#include <stdlib.h>

/* A field that is too long is folded near this column (RFC 5322 2.1.1). */
#define FOLD_COLUMN 78

static struct span
without_cr(struct span line)
{
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

size_t
fold_longest(struct span text)
{
	struct span line;
	size_t longest = 0;

	while (span_cut(&text, '\n', &line)) {
		size_t n = without_cr(line).len;

		if (n > longest)
			longest = n;
	}
	return longest;
}

bool
fold_is_needed(struct span field)
{
	return fold_longest(field) > TEXT_LINE_MAX;
}

/* Where to fold: at the last blank up to the column, or the first behind. */
static size_t
fold_at(struct span line)
{
	size_t best = 0;

	for (size_t i = 1; i < line.len; i++) {
		if (line.at[i] != ' ' && line.at[i] != '\t')
			continue;
		if (i > FOLD_COLUMN && best > 0)
			break;
		best = i;
		if (i > FOLD_COLUMN)
			break;
	}
	return best;
}

static bool
is_blank(struct span text)
{
	return span_trim(text).len == 0;
}

/* A fold before a blank that is there changes nothing (RFC 5322 2.2.3). */
static void
fold_line(struct span line, struct buf *to)
{
	while (line.len > TEXT_LINE_MAX) {
		size_t n = fold_at(line);

		if (n == 0 || is_blank(span(line.at, n)) ||
		    is_blank(span_from(line, n)))
			break;
		buf_add(to, line.at, n);
		buf_add_text(to, "\r\n");
		line = span_from(line, n);
	}
	buf_add_span(to, line);
	buf_add_text(to, "\r\n");
}

void
fold_field(struct span field, struct buf *to)
{
	struct span line;

	while (span_cut(&field, '\n', &line))
		fold_line(without_cr(line), to);
}

void
fold_tail(struct buf *to, size_t start)
{
	struct span field = span_from(buf_span(to), start);
	char *copy;

	if (!buf_ok(to) || !fold_is_needed(field))
		return;
	copy = must_spandup(field);
	to->len = start;
	fold_field(span(copy, field.len), to);
	free(copy);
}
