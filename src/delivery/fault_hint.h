/* SPDX-License-Identifier: ISC */
/* What providers refuse a login with, where it is known what to do. */
#ifndef DELIVERY_FAULT_HINT_H
#define DELIVERY_FAULT_HINT_H

#include "delivery/reply.h"

#include <stdbool.h>

/* What to do about a refusal that another token, or the same password once
 * more, does not mend; NULL: it is not known to be one. */
const char *fault_hint(const struct reply *r, bool token);

#endif
