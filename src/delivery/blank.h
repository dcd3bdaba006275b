/* SPDX-License-Identifier: ISC */
/* Replies without their addresses, which a caller can choose, and which are
 * nobody else's business. */
#ifndef DELIVERY_BLANK_H
#define DELIVERY_BLANK_H

/* Puts blanks in place of all addresses in text. */
void blank_addresses(char *text);

#endif
