/* SPDX-License-Identifier: ISC */
/* From kinds of failure to sysexits(3): the only place with the numbers. */
#ifndef CLI_EXITCODE_H
#define CLI_EXITCODE_H

#include "base/error.h"

int exitcode_of(enum error_kind kind);

/* Prints "pillarbox: TEXT" on stderr and returns the exit code. */
int exitcode_report(const struct error *err);

#endif
