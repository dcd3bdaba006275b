/* SPDX-License-Identifier: ISC */
/* UTF-8 (RFC 3629): is it, and where do its characters end. */
#ifndef MESSAGE_UTF8_H
#define MESSAGE_UTF8_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of the first character of text; 1 where there is none that is
 * valid; 0 of nothing. */
size_t utf8_length(struct span text);

bool utf8_is_valid(struct span text);

/* The same for text that comes in pieces. */
struct utf8_check {
	char held[4]; /* the beginning of a character, cut by a piece's end */
	size_t len;
	bool broken;
};

void utf8_check_init(struct utf8_check *c);
void utf8_check_take(struct utf8_check *c, struct span bytes);
bool utf8_check_end(const struct utf8_check *c);

#endif
