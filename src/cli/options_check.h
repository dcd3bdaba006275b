/* SPDX-License-Identifier: ISC */
/* Which options go together. Private to cli/. */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H

#include "base/error.h"
#include "cli/options.h"

/* Options that would be without effect are mistakes: --dry-run --flush would
 * deliver, and --json alone would take a message. ERR_USAGE. */
int options_check(const struct options *o, struct error *err);

#endif
