/* SPDX-License-Identifier: ISC */
#ifndef STEERING_H
#define STEERING_H

#include "base/error.h"
#include "cli/options.h"

/*
 * Holds, releases, removes or gives back what the command line names: ids, all
 * or patterns. One line on stderr for each that it could not be done to.
 */
int steering(const struct options *o, struct error *err);

#endif
