/* SPDX-License-Identifier: ISC */
/* application/x-www-form-urlencoded: names and values, joined by "&". */
#ifndef OAUTH_FORM_H
#define OAUTH_FORM_H

#include "base/buf.h"
#include "base/span.h"

/* Appends one more, what is special in it escaped. */
void form_add(struct buf *form, const char *name, const char *value);

/*
 * Appends the value of that name to to. False: it is not there, or twice, or
 * not well escaped, or has a byte that is no printable ASCII.
 */
bool form_find(struct span form, const char *name, struct buf *to);

#endif
