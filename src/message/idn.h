/* SPDX-License-Identifier: ISC */
/* Domains beyond ASCII (RFC 5890). The only user of libidn2. */
#ifndef MESSAGE_IDN_H
#define MESSAGE_IDN_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Appends domain (UTF-8) in its ASCII form, "xn--...", so that no server on
 * the way needs SMTPUTF8 for it. False, with nothing appended, when it has
 * none.
 */
bool idn_to_ascii(struct span domain, struct buf *to);

#endif
