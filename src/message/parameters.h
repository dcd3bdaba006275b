/* SPDX-License-Identifier: ISC */
/* Content-Type and Content-Disposition in ASCII. Private to message/. */
#ifndef MESSAGE_PARAMETERS_H
#define MESSAGE_PARAMETERS_H

#include "base/buf.h"
#include "base/error.h"
#include "message/header.h"

/*
 * Appends the body of such a field: NAME*=charset''VALUE (RFC 2231) for the
 * parameters that need it, the rest as it is. A type that is not ASCII is none;
 * a comment behind it, and a parameter whose name is not ASCII, go. ERR_DATA: a
 * boundary that is not ASCII, since it stands in the body too.
 */
int parameters_encode(const struct field *f, struct buf *to, struct error *err);

#endif
