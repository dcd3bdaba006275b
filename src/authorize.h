/* SPDX-License-Identifier: ISC */
#ifndef AUTHORIZE_H
#define AUTHORIZE_H

#include "base/error.h"
#include "cli/options.h"

/* The verb of --authorize: delivery does it, in this process's place. Only
 * returns when that cannot be started: -1 with err. */
int authorize(const struct options *o, struct error *err);

#endif
