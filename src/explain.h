/* SPDX-License-Identifier: ISC */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "base/error.h"
#include "cli/options.h"

/*
 * -bv, --explain ADDRESS...: on stdout, what becomes of each by the aliases as
 * they are now, which relay takes it, and from whom. Nothing is sent. The exit
 * code: that of the last address that nothing could be sent to.
 */
int explain(const struct options *o, struct error *err);

#endif
