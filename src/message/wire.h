/* SPDX-License-Identifier: ISC */
/*
 * The form in which a message may go on the wire (RFC 5321 2.3.8): CR only
 * before LF, LF only after CR, no NUL, and a line end at the end. Asked of
 * every stored message before it is sent, since a caller can feed the store
 * anything: a lone CR or LF is how a second message is smuggled.
 */
#ifndef MESSAGE_WIRE_H
#define MESSAGE_WIRE_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct wire_check {
	char last; /* the last byte seen */
	bool broken;
};

void wire_check_init(struct wire_check *w);
void wire_check_take(struct wire_check *w, struct span bytes);

/* Was all that was taken in wire form? Nothing at all is not. */
bool wire_check_end(const struct wire_check *w);

/*
 * Line ends made CRLF, in pieces: LF alone gets its CR. For content that has
 * no CR alone (facts.h). last is NUL before the first piece and is carried
 * on; wire_close() adds the line end that the last line may lack.
 */
void wire_convert(struct span bytes, char *last, struct buf *to);
void wire_close(char last, struct buf *to);

/* Has it bytes outside ASCII? */
bool wire_is_eight_bit(struct span bytes);

/*
 * Doubling of dots at line starts for DATA (RFC 5321 4.5.2). at_line_start
 * is true before the first call and is carried from one piece to the next.
 */
void wire_stuff(struct span bytes, bool *at_line_start, struct buf *to);

#endif
