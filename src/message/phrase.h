/* SPDX-License-Identifier: ISC */
/* Names and comments in address fields, in ASCII. Private to message/. */
#ifndef MESSAGE_PHRASE_H
#define MESSAGE_PHRASE_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Appends the body of an address field with those names, group names and
 * comments as encoded words that need it (RFC 2047 5), and domains beyond ASCII
 * as "xn--..."; an obsolete route beyond ASCII goes. All else, local parts
 * among it, as it is. What address_parse_list() takes has the same addresses
 * as before.
 */
void phrase_encode_list(struct span body, struct buf *to);

/* Appends a display name: as it is, quoted, or as encoded words. */
void phrase_add_name(struct span name, struct buf *to);

#endif
