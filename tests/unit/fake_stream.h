/* SPDX-License-Identifier: ISC */
/*
 * A relay that plays a script, in place of the stream over libcurl: it hears
 * what it shall hear, says what it shall say, and keeps all that it was sent.
 */
#ifndef FAKE_STREAM_H
#define FAKE_STREAM_H

#include "base/buf.h"
#include "base/limits.h"
#include "delivery/capability.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may stand in place of words. */
#define FAKE_SILENT "\1silent" /* nothing: whoever waits waits in vain */
#define FAKE_CLOSE "\1close"   /* its side ends, behind what it said */
#define FAKE_CUT "\1cut"       /* the same, and whoever reads or writes fails */
#define FAKE_DEAF "\1deaf"     /* from here on writes fail */

struct fake_step {
	/* A command, without its line end, BDAT with its octets; "." is the
	 * end of the data. NULL: at once, or when so many octets of data have
	 * come. */
	const char *hear;
	const char *say; /* replies with their line ends, or one of the above */
	size_t octets;
};

extern struct fake {
	/* To be set before stream_open(). */
	const struct fake_step *steps;
	size_t count;
	size_t chunk;     /* octets that one read gives at most; 0: any */
	size_t gulp;      /* octets that one write takes at most; 0: any */
	size_t limit;     /* octets after which it closes; 0: none */
	bool unreachable; /* stream_open() fails */
	struct capabilities caps;

	/* What came of it. */
	size_t done;         /* steps */
	struct buf dialogue; /* "C: " and "S: " lines, without the data */
	struct buf data;     /* as a server would store it */
	size_t writes;       /* that it took */
	size_t taken;        /* octets */
	size_t octets;       /* of data, as sent, with the end */
	bool ended;          /* the end of the data has come */
	bool surprised;      /* heard what is not in the script */
	bool hurried;        /* was sent more before it had answered */
	bool closed;         /* by us */
	struct buf shown;    /* what stream_show() was given, in lines */
	int64_t patience;    /* of the last read that had to wait */

	/* Private. */
	struct buf line;       /* coming in */
	struct buf voice;      /* said, and not read yet */
	struct buf chunk_line; /* BDAT, until its octets are here */
	size_t chunk_left;
	bool in_data, ending, cut, deaf;
} fake;

/* Begins anew, with a script of n steps. */
void fake_start(const struct fake_step *steps, size_t n);

/* Frees all of it. */
void fake_end(void);

/* Did it go by the script to its end, in lockstep if there is no PIPELINING? */
bool fake_went_well(void);

#endif
