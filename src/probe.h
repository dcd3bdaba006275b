/* SPDX-License-Identifier: ISC */
#ifndef PROBE_H
#define PROBE_H

#include "base/error.h"
#include "cli/options.h"

/* Has delivery probe the relay named, or all, and shows what it found on
 * stdout. Exit code as inspect() of delivery. */
int probe(const struct options *o, struct error *err);

#endif
