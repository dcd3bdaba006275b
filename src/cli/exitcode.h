/* SPDX-License-Identifier: ISC */
/* From kinds of failure to sysexits(3): the only place with the numbers. */
#ifndef CLI_EXITCODE_H
#define CLI_EXITCODE_H

#include "base/error.h"

int exitcode_of(enum error_kind kind);

/* What a helper ended with, as the first kind that has this number;
 * ERR_INTERNAL for one that none has. */
enum error_kind exitcode_kind(int code);

/* Prints "pillarbox: TEXT" on stderr and returns the exit code. */
int exitcode_report(const struct error *err);

#endif
