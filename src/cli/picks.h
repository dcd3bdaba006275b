/* SPDX-License-Identifier: ISC */
/* The messages that -qI, -qR and -qS mean. */
#ifndef CLI_PICKS_H
#define CLI_PICKS_H

#include "cli/options.h"
#include "queue/entry.h"

#include <stdbool.h>

/* Is any of them given? */
bool picks_any(const struct picks *p);

/*
 * Is it one of them? A part is looked for without regard to case; a recipient
 * is one who has not got it, and "<>" is the null sender.
 */
bool picks_fit(const struct picks *p, const struct entry *e);

#endif
