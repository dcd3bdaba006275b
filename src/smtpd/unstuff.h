/* SPDX-License-Identifier: ISC */
/*
 * What follows DATA (RFC 5321 4.5.2): where it ends, and the dots that were
 * doubled. Private to smtpd/.
 *
 * Only CR LF, a dot and CR LF are the end. What servers have been known to take
 * for one as well, with a LF or CR alone on either side of the dot, is how a
 * second message is smuggled within the first; here it stays what it is, a line
 * of the message with a dot in it, and leaves as one (the message layer makes
 * CR LF of LF, and encodes CR).
 */
#ifndef SMTPD_UNSTUFF_H
#define SMTPD_UNSTUFF_H

#include "base/span.h"

#include <stdbool.h>

enum unstuff_place {
	PLACE_BEGIN, /* of a line */
	PLACE_DOT,   /* behind a dot there, */
	PLACE_DOT_CR,
	PLACE_LF, /* behind a LF that has no CR, */
	PLACE_LF_DOT,
	PLACE_CR,
	PLACE_INSIDE,
};

struct unstuff {
	bool lf; /* lines end in LF; else in CR LF */
	bool ended;
	enum unstuff_place place;
	size_t len; /* of what has been put to to */
	char *to;
};

void unstuff_init(struct unstuff *u, bool lf);

/*
 * Takes bytes up to the end of the message, or all of them, and says how many.
 * What they are without doubled dots goes to to, which has room for two octets
 * more than len; the result is u->len.
 */
size_t unstuff_take(struct unstuff *u, const char *bytes, size_t len, char *to);

#endif
