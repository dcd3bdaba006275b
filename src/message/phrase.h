/* SPDX-License-Identifier: ISC */
/* Names and comments in address fields, in ASCII. Private to message/. */
#ifndef MESSAGE_PHRASE_H
#define MESSAGE_PHRASE_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Appends the body of an address field with those names, group names and
 * comments as encoded words that need it (RFC 2047 5). All else, addresses
 * among it, as it is.
 */
void phrase_encode_list(struct span body, struct buf *to);

/*
 * Appends the body of an address field with "@domain" behind every address
 * that has no domain. How many had none.
 */
size_t phrase_qualify(struct span body, const char *domain, struct buf *to);

/* Appends a display name: as it is, quoted, or as encoded words. */
void phrase_add_name(struct span name, struct buf *to);

#endif
