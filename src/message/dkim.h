/* SPDX-License-Identifier: ISC */
/* Signatures that are there already (RFC 6376): what they cover stays. */
#ifndef MESSAGE_DKIM_H
#define MESSAGE_DKIM_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

/* Has head a DKIM-Signature? Then it covers the body, too. */
bool dkim_is_signed(struct span head);

/*
 * Are all fields that the signatures of before cover the same in after?
 * ERR_DATA, naming the field, or over SIGNED_LOOKS_MAX: rather refused than
 * sent with a signature that is broken.
 */
int dkim_check(struct span before, struct span after, struct error *err);

#endif
