/* SPDX-License-Identifier: ISC */
/* From kinds of failure to sysexits(3). */
#include "cli/exitcode.h"

#include <stddef.h>
#include <stdio.h>
#include <sysexits.h>

static const int codes[] = {
    [ERR_NONE] = EX_OK,
    [ERR_USAGE] = EX_USAGE,
    [ERR_DATA] = EX_DATAERR,
    [ERR_SIZE] = EX_DATAERR,
    [ERR_RECIPIENT] = EX_NOUSER,
    [ERR_REFUSED] = EX_UNAVAILABLE,
    [ERR_LOOP] = EX_UNAVAILABLE,
    [ERR_INTERNAL] = EX_SOFTWARE,
    [ERR_IO] = EX_IOERR,
    [ERR_TEMPORARY] = EX_TEMPFAIL,
    [ERR_PERMISSION] = EX_NOPERM,
    [ERR_CONFIG] = EX_CONFIG,
};

int
exitcode_of(enum error_kind kind)
{
	return codes[kind];
}

enum error_kind
exitcode_kind(int code)
{
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i] == code)
			return (enum error_kind)i;
	return ERR_INTERNAL;
}

int
exitcode_report(const struct error *err)
{
	fprintf(stderr, "pillarbox: %s\n", err->text);
	return exitcode_of(err->kind);
}
