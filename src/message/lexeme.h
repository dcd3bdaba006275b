/* SPDX-License-Identifier: ISC */
/*
 * What cannot be cut in a structured field (RFC 5322 3.2): quoted strings,
 * comments, and domain literals. Lengths are in octets; what has no end reaches
 * to the end of the text. Private to message/.
 */
#ifndef MESSAGE_LEXEME_H
#define MESSAGE_LEXEME_H

#include "base/span.h"

/* Of what text, which is not empty, begins with: such a one, or one octet. */
size_t lexeme_length(struct span text);

/* Of text up to one of the octets in stops that is not inside of such. */
size_t lexeme_up_to(struct span text, const char *stops);

/* Of text without the blanks and comments at its end. */
size_t lexeme_core(struct span text);

#endif
