/* SPDX-License-Identifier: ISC */
/*
 * What the store can be asked for, on its command line ("--list") or over the
 * socket ("list"). All go by who called (process_caller()): root, and the
 * owner of the queue, may have all entries, others those they sent; of an
 * entry of somebody else they hear what they would hear if it were not there.
 */
#ifndef VERBS_H
#define VERBS_H

#include "base/error.h"
#include "queue/steer.h"
#include "queue/store.h"

#include <stdbool.h>

struct verb {
	const char *name;
	bool takes_id;  /* one, as an argument; or what offer takes */
	bool for_owner; /* refused for others */
	bool accepts;   /* what it has done holds, whoever hears of it */
	/* An exit code, or -1 with err set. NULL: it steers. */
	int (*run)(struct store *s, const char *id, struct error *err);
	enum steer steer; /* what is done to each id of stdin */
};

/* The verb of that name; of NULL the first, accept. NULL: there is none. */
const struct verb *verb_find(const char *name);

/* Runs it, if the caller may. id is NULL if it takes none. */
int verb_run(
    const struct verb *v, struct store *s, const char *id, struct error *err);

#endif
