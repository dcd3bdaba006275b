/* SPDX-License-Identifier: ISC */
/* Which messages a command line means. */
#ifndef SELECTION_H
#define SELECTION_H

#include "base/buf.h"
#include "base/error.h"
#include "cli/options.h"
#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>

struct selection {
	struct buf ids; /* each with an LF behind it, as the store reads them */
	size_t missing; /* named, and no id at all; they were told of */
};

/*
 * Fills s from the arguments: ids as they are, or with the word "all", or
 * patterns, those in the queue that match them all and that the verb would
 * change (of a flush: send). What is no id is told of on stderr.
 * selection_release() is for all results. 0, the store's exit code, or -1 with
 * err.
 */
int selection_make(struct selection *s, const struct options *o,
    const struct config *config, struct error *err);
void selection_release(struct selection *s);

#endif
