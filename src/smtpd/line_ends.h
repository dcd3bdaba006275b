/* SPDX-License-Identifier: ISC */
/*
 * The line ends of a message as it comes. CR and LF that do not end a line
 * are how a second message is smuggled past one server into the next, and no
 * client that is well writes them: such a message is refused as a whole.
 * Private to smtpd/.
 */
#ifndef SMTPD_LINE_ENDS_H
#define SMTPD_LINE_ENDS_H

#include "base/span.h"

#include <stdbool.h>

enum line_place {
	PLACE_BEGIN, /* of a line */
	PLACE_DOT,   /* behind a dot that begins it */
	PLACE_DOT_CR,
	PLACE_INSIDE,
	PLACE_CR,
};

struct line_ends {
	bool lf; /* lines end in LF, and there is no CR; else in CR LF */
	enum line_place place;
	bool astray; /* a CR or LF was seen that ends no line */
	bool ended;  /* by the dot */
};

void line_ends_init(struct line_ends *e, bool lf);

/*
 * Of what follows DATA (RFC 5321 4.5.2): takes bytes up to the end of the
 * message, or all of them, and says how many. The text of these, without the
 * dots that were doubled, is moved to the front of bytes; *kept is its
 * length.
 */
size_t line_ends_unstuff(
    struct line_ends *e, char *bytes, size_t len, size_t *kept);

/* Of a chunk, where a dot means nothing; and the last one is at its end. */
void line_ends_look(struct line_ends *e, struct span bytes);
void line_ends_close(struct line_ends *e);

#endif
