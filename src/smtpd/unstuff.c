/* SPDX-License-Identifier: ISC */
/* What follows DATA. */
#include "smtpd/unstuff.h"

void
unstuff_init(struct unstuff *u, bool lf)
{
	*u = (struct unstuff){.lf = lf, .place = PLACE_BEGIN};
}

/* c is of the message. */
static void
put(struct unstuff *u, char c)
{
	bool end = c == '\n' && (u->lf || u->place == PLACE_CR);

	u->to[u->len++] = c;
	if (end)
		u->place = PLACE_BEGIN;
	else if (c == '\n')
		u->place = PLACE_LF;
	else
		u->place = c == '\r' ? PLACE_CR : PLACE_INSIDE;
}

/* A dot that began a line, and is not in the message if it was doubled, or in
 * front of anything else (RFC 5321 4.5.2). */
static void
take_behind_dot(struct unstuff *u, char c)
{
	if (c == '\n' && u->lf) {
		u->ended = true;
	} else if (c == '\r' && !u->lf) {
		u->place = PLACE_DOT_CR;
	} else {
		if (c == '\n')
			put(u, '.');
		put(u, c);
	}
}

static void
take(struct unstuff *u, char c)
{
	switch (u->place) {
	case PLACE_DOT:
		take_behind_dot(u, c);
		return;
	case PLACE_DOT_CR:
		u->ended = c == '\n';
		if (u->ended)
			return;
		put(u, '.');
		put(u, '\r');
		break;
	case PLACE_BEGIN:
		if (c != '.')
			break;
		u->place = PLACE_DOT;
		return;
	case PLACE_LF:
		put(u, c);
		if (c == '.')
			u->place = PLACE_LF_DOT;
		return;
	case PLACE_LF_DOT:
		/* Who has LF in a message may double dots there, too. */
		if (c != '.')
			break;
		u->place = PLACE_INSIDE;
		return;
	case PLACE_CR:
	case PLACE_INSIDE:
		break;
	}
	put(u, c);
}

size_t
unstuff_take(struct unstuff *u, const char *bytes, size_t len, char *to)
{
	size_t n = 0;

	u->to = to;
	u->len = 0;
	while (n < len && !u->ended)
		take(u, bytes[n++]);
	return n;
}
