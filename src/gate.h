/* SPDX-License-Identifier: ISC */
/*
 * The way from the front to the store. It is pillarbox-queue, started as a
 * child; or in system mode, where that could not have its rights (a process
 * that may gain no new privileges, a program without its setuid bit), the
 * socket that pillarbox-queue serves. On that the first line is the verb, then
 * comes what the child's stdin would be; back comes what its stdout would be,
 * and as the last line "end CODE TEXT".
 */
#ifndef GATE_H
#define GATE_H

#include "base/error.h"
#include "base/process.h"
#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#define GATE_END_MAX 1200 /* of the last line: a struct error and a number */

struct gate {
	struct child child; /* while socket is -1 */
	int socket;
	int to;   /* what the store reads; -1 unless asked for */
	int from; /* what it answers; -1 unless asked for */
	FILE *answer;
	bool finished;     /* the connection has ended, */
	size_t last;       /* and its last line begins here */
	size_t start, end; /* what has come and was not read yet */
	char block[4096 + GATE_END_MAX];
};

/*
 * Opens the way for a verb of the store ("accept", "list", "show", ...), with
 * its argument or NULL; flags as for child_start(), CHILD_STDIN and
 * CHILD_STDOUT. g is the caller's to close after 0. ERR_CONFIG or
 * ERR_TEMPORARY: there is no way, and what to do about it.
 */
int gate_open(struct gate *g, const struct config *c, const char *verb,
    const char *argument, unsigned flags, struct error *err);

/* Nothing more goes to the store, which sees the end of its input. */
void gate_end_input(struct gate *g);

/* What the store answers: the count, 0 at the end, -1 with errno. */
ssize_t gate_read(struct gate *g, void *to, size_t len);

/* The same as a stream, which gate_close() closes; NULL without memory. */
FILE *gate_answer(struct gate *g);

/*
 * Waits for the end of the store's work. Its exit code, of which the caller
 * has been told on stderr if it is not 0; or -1 with err.
 */
int gate_close(struct gate *g, struct error *err);

/*
 * Would a helper have the rights of the system's queue if we started it? True
 * also for one that is not there: starting it says that better.
 */
bool gate_helper_works(const char *program);

#endif
