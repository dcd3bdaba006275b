/* SPDX-License-Identifier: ISC */
/* What delivery can be asked for, and how it is said in its argv. */
#ifndef CALL_H
#define CALL_H

#include "base/error.h"
#include "deliver.h"
#include "due.h"

#include <stdbool.h>

struct call {
	const struct call_verb *verb;
	bool verbose;
	bool json;          /* the log goes to stderr, as that */
	bool ids;           /* of a flush: they come on stdin */
	const char *config; /* NULL: the system's */
	const char *id;     /* of --foreground and --background */
	const char *name;   /* the relay's, of --authorize */
	const char *every;  /* seconds, checked by who asks; NULL: once */
	struct due_options due;
};

struct call_verb {
	/* An exit code, or -1 with err set. */
	int (*run)(
	    const struct call *call, struct courier *c, struct error *err);
	bool asks; /* a person, for whose browser it listens */
};

/* Reads argv into call, which borrows from it. ERR_USAGE: it has no verb, or
 * what no row of the table is. */
int call_parse(
    int argc, char *const argv[], struct call *call, struct error *err);

#endif
