/* SPDX-License-Identifier: ISC */
#ifndef SHOW_H
#define SHOW_H

#include "base/error.h"
#include "cli/options.h"

/* Shows one message of the queue on stdout: its envelope, where it stands,
 * what happened to it, an empty line, and the message itself. */
int show(const struct options *o, struct error *err);

#endif
