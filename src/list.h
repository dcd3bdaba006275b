/* SPDX-License-Identifier: ISC */
#ifndef LIST_H
#define LIST_H

#include "base/error.h"
#include "cli/options.h"

/* Shows the queue on stdout, as far as it is the caller's. */
int list(const struct options *o, struct error *err);

#endif
