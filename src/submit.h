/* SPDX-License-Identifier: ISC */
#ifndef SUBMIT_H
#define SUBMIT_H

#include "base/error.h"
#include "cli/options.h"

/*
 * stdin -> message -> queue -> first attempt. Exit code 0: delivered or
 * durably queued; anything else, or -1 with err: nothing was kept.
 */
int submit(const struct options *o, struct error *err);

#endif
