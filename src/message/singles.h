/* SPDX-License-Identifier: ISC */
/* The rules of rules.h applied to a header block. Private to message/. */
#ifndef MESSAGE_SINGLES_H
#define MESSAGE_SINGLES_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "message/complete.h"
#include "message/mends.h"

/*
 * Appends head to to, each field that may stand once standing once and in a
 * sound form, or not at all; addresses without a domain get c->domain. The rest
 * stays as it is. ERR_DATA, naming the field: what it means is not sure.
 */
int singles_apply(struct span head, const struct completion *c, struct buf *to,
    struct mends *log, struct error *err);

#endif
