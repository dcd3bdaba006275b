/* SPDX-License-Identifier: ISC */
/* The verbs of delivery that work on the queue. */
#ifndef DUE_H
#define DUE_H

#include "base/error.h"
#include "deliver.h"

struct due_options {
	const char *id;         /* of due_now() and due_background() */
	const char *const *ids; /* of due_flush(); none: all that is due */
	size_t id_count;
	const char *relay; /* only what goes to this one; NULL: all */
	bool force;        /* also what is not due yet */
};

/*
 * Delivers what is due, oldest first, and prints a line on stderr for each
 * trouble. Exit code 0 when nothing due is left, 75 when something stays, 64
 * when an id was named that is not in the queue.
 */
int due_flush(
    struct courier *c, const struct due_options *o, struct error *err);

/*
 * Delivers one entry while its caller waits. Exit code 0: delivered, or still
 * queued (one line on stderr says why); 69: refused for all, and removed.
 */
int due_now(struct courier *c, const char *id, struct error *err);

/* The same with nobody waiting: a refused one is held. Exit code 0. */
int due_background(struct courier *c, const char *id, struct error *err);

#endif
