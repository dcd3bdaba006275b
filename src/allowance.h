/* SPDX-License-Identifier: ISC */
/* How much a relay may be given in a time (rate). */
#ifndef ALLOWANCE_H
#define ALLOWANCE_H

#include "base/error.h"
#include "deliver.h"

#include <stdbool.h>

/*
 * Is there room for so many more recipients of uid? Then they are counted; else
 * the relay is paused until there is (outage.h), but for no more than an hour
 * at a time, and err says so.
 */
bool allowance_take(struct courier *c, struct post *post, uid_t uid,
    int64_t more, struct error *err);

#endif
