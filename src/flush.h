/* SPDX-License-Identifier: ISC */
#ifndef FLUSH_H
#define FLUSH_H

#include "base/error.h"
#include "cli/options.h"

/*
 * Starts delivery of what is due, or of the ids given as arguments. Exit code
 * 0 when nothing due is left, 75 when something stays; -1 with err.
 */
int flush(const struct options *o, struct error *err);

#endif
