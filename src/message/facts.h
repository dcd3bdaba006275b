/* SPDX-License-Identifier: ISC */
/*
 * What there is to know of a stretch of content before it is sent: whether
 * it can go as it is, and how it would be encoded best. Taken in pieces, at
 * the speed of memory.
 */
#ifndef MESSAGE_FACTS_H
#define MESSAGE_FACTS_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct facts {
	int64_t octets;    /* as they came */
	int64_t lines;     /* line ends, LF or CRLF */
	int64_t crlf;      /* of these, CRLF */
	int64_t cr;        /* all CR; more of them than crlf stand alone */
	int64_t eight_bit; /* octets over 127 */
	int64_t odd;       /* octets that quoted-printable writes as three */
	int64_t longest;   /* line, octets without its end */
	bool nul;

	int64_t line; /* octets of the line begun */
	char last;    /* the last octet */
};

void facts_init(struct facts *f);
void facts_take(struct facts *f, struct span bytes);

/* Does it end inside a line? */
bool facts_is_open(const struct facts *f);

/* The same so far, whatever comes: a line that is open may be at its end. */
int64_t facts_wire_least(const struct facts *f);

/* Octets in wire form: every line end CRLF, the last line ended. */
int64_t facts_wire_size(const struct facts *f);

/* Has it CR alone, NUL, or lines over 998 (RFC 5322 2.1.1, 2.3)? */
bool facts_is_unfit(const struct facts *f);

/* Is quoted-printable shorter than base64? */
bool facts_prefers_quoted(const struct facts *f);

#endif
