/* SPDX-License-Identifier: ISC */
/* Remarks in a configuration. */
#include "config/remarks.h"

/* Where we are. */
struct place {
	struct buf *text;
	size_t at;
	int line;
	int depth;     /* of braces */
	int open_line; /* of the outermost open brace */
};

static char
byte_at(const struct place *p, size_t ahead)
{
	size_t i = p->at + ahead;

	return i < p->text->len ? p->text->at[i] : '\0';
}

/* Steps over one byte, which is blanked first if it is part of a remark. */
static void
step(struct place *p, bool remark)
{
	char *byte = &p->text->at[p->at++];

	if (*byte == '\n')
		p->line++;
	else if (remark)
		*byte = ' ';
}

/* "//" is a remark only where a word could begin: not so in "http://". */
static bool
is_line_remark(const struct place *p)
{
	char before = p->at > 0 ? p->text->at[p->at - 1] : '\n';

	if (byte_at(p, 0) == '#')
		return true;
	return byte_at(p, 0) == '/' && byte_at(p, 1) == '/' &&
	       strchr(" \t\r\n{}(),=\"'", before) != NULL;
}

static int
skip_block(struct place *p, const char *path, struct error *err)
{
	int line = p->line;

	step(p, true);
	step(p, true);
	while (byte_at(p, 0) != '*' || byte_at(p, 1) != '/') {
		if (p->at >= p->text->len)
			return error_set(err, ERR_CONFIG,
			    "%s:%d: a remark that is never closed", path, line);
		step(p, true);
	}
	step(p, true);
	step(p, true);
	return 0;
}

static void
skip_string(struct place *p)
{
	char quote = byte_at(p, 0);

	step(p, false);
	while (p->at < p->text->len && byte_at(p, 0) != quote) {
		if (byte_at(p, 0) == '\\' && p->at + 1 < p->text->len)
			step(p, false);
		step(p, false);
	}
	if (p->at < p->text->len)
		step(p, false);
}

static void
count_brace(struct place *p)
{
	if (byte_at(p, 0) == '{' && p->depth++ == 0)
		p->open_line = p->line;
	else if (byte_at(p, 0) == '}')
		p->depth--;
}

int
remarks_blank(struct buf *text, const char *path, struct error *err)
{
	struct place p = {.text = text, .line = 1};

	while (p.at < text->len) {
		char c = byte_at(&p, 0);

		if (is_line_remark(&p)) {
			while (p.at < text->len && byte_at(&p, 0) != '\n')
				step(&p, true);
		} else if (c == '/' && byte_at(&p, 1) == '*') {
			if (skip_block(&p, path, err) != 0)
				return -1;
		} else if (c == '"' || c == '\'') {
			skip_string(&p);
		} else {
			count_brace(&p);
			step(&p, false);
		}
	}
	if (p.depth > 0)
		return error_set(err, ERR_CONFIG,
		    "%s:%d: a \"{\" that is never closed", path, p.open_line);
	return 0;
}
