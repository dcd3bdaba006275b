/* SPDX-License-Identifier: ISC */
#ifndef CHECK_H
#define CHECK_H

#include "base/error.h"
#include "cli/options.h"
#include "config/config.h"

#include <stddef.h>

/*
 * Says on stderr, a line each, all that is wrong and can be known without the
 * network, and what to do about it. Exit code 0; 78: the configuration, or
 * somebody's rights; 75: the queue is in trouble.
 */
int check(const struct options *o, struct error *err);

/* The configuration's files and helpers, as whoever delivers finds them. How
 * many things are wrong, each said on stderr. */
size_t check_files(const struct config *c);

/* The aliases file, with all that it leads to. How many aliases, or lines, are
 * wrong, each said on stderr. */
size_t check_aliases(const struct config *c);

/* The verb of newaliases: that alone. Exit code 0, or 78. Where there is no
 * configuration yet, nobody has aliases: 0. */
int newaliases(const struct options *o, struct error *err);

#endif
