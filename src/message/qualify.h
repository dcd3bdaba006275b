/* SPDX-License-Identifier: ISC */
/* Addresses in header fields that have no domain. Private to message/. */
#ifndef MESSAGE_QUALIFY_H
#define MESSAGE_QUALIFY_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Appends the body of an address field with "@domain" behind every address
 * that has no domain (RFC 6409 4.2). How many had none.
 */
size_t qualify_list(struct span body, const char *domain, struct buf *to);

#endif
