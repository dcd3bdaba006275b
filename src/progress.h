/* SPDX-License-Identifier: ISC */
/* How far a flush is: one line on a terminal, rewritten; else nothing. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool shown; /* stderr is a terminal, and there is more than one */
	size_t count;
	int64_t last_ms; /* when the line was written */
};

void progress_begin(struct progress *p, size_t count);
void progress_show(struct progress *p, size_t done);

/* Before anything else is written to stderr: takes the line away. */
void progress_clear(struct progress *p);
void progress_end(struct progress *p);

#endif
