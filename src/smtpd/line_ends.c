/* SPDX-License-Identifier: ISC */
/* The line ends of a message as it comes. */
#include "smtpd/line_ends.h"

void
line_ends_init(struct line_ends *e, bool lf)
{
	*e = (struct line_ends){.lf = lf, .place = PLACE_BEGIN};
}

/* Has c, a CR or LF, brought a line to its end? */
static bool
ends_line(struct line_ends *e, char c)
{
	bool behind_cr = e->place == PLACE_CR || e->place == PLACE_DOT_CR;
	bool end = c == '\n' && (e->lf || behind_cr);

	if ((c == '\n' && !end) || (c == '\r' && (e->lf || behind_cr)))
		e->astray = true;
	return end;
}

/* The place behind c. */
static enum line_place
step(struct line_ends *e, char c)
{
	bool dot = e->place == PLACE_DOT || e->place == PLACE_DOT_CR;

	if (c != '\r' && c != '\n') {
		if (e->place == PLACE_CR || e->place == PLACE_DOT_CR)
			e->astray = true;
		return PLACE_INSIDE;
	}
	if (ends_line(e, c)) {
		e->ended = dot;
		return PLACE_BEGIN;
	}
	if (c == '\n' || e->lf)
		return PLACE_INSIDE;
	return e->place == PLACE_DOT ? PLACE_DOT_CR : PLACE_CR;
}

size_t
line_ends_unstuff(struct line_ends *e, char *bytes, size_t len, size_t *kept)
{
	size_t n = 0, to = 0;

	while (n < len && !e->ended) {
		char c = bytes[n++];

		if (c == '.' && e->place == PLACE_BEGIN) {
			e->place = PLACE_DOT;
			continue;
		}
		e->place = step(e, c);
		/* What is not the end after all is astray, and never sent. */
		if (e->place != PLACE_DOT_CR && !e->ended)
			bytes[to++] = c;
	}
	*kept = to;
	return n;
}

void
line_ends_look(struct line_ends *e, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		e->place = step(e, bytes.at[i]);
}

void
line_ends_close(struct line_ends *e)
{
	e->astray = e->astray || e->place == PLACE_CR;
}
