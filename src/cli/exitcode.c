/* SPDX-License-Identifier: ISC */
/* From kinds of failure to sysexits(3). */
#include "cli/exitcode.h"

#include <stdio.h>
#include <sysexits.h>

int
exitcode_of(enum error_kind kind)
{
	static const int codes[] = {
	    [ERR_NONE] = EX_OK,
	    [ERR_USAGE] = EX_USAGE,
	    [ERR_DATA] = EX_DATAERR,
	    [ERR_RECIPIENT] = EX_NOUSER,
	    [ERR_REFUSED] = EX_UNAVAILABLE,
	    [ERR_INTERNAL] = EX_SOFTWARE,
	    [ERR_IO] = EX_IOERR,
	    [ERR_TEMPORARY] = EX_TEMPFAIL,
	    [ERR_PERMISSION] = EX_NOPERM,
	    [ERR_CONFIG] = EX_CONFIG,
	};

	return codes[kind];
}

int
exitcode_report(const struct error *err)
{
	fprintf(stderr, "pillarbox: %s\n", err->text);
	return exitcode_of(err->kind);
}
