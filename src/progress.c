/* SPDX-License-Identifier: ISC */
/* How far a flush is. */
#include "progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

/* Often enough to be seen moving, too seldom to cost anything. */
#define INTERVAL_MS 200

void
progress_begin(struct progress *p, size_t count)
{
	*p = (struct progress){
	    .shown = count > 1 && isatty(STDERR_FILENO), .count = count};
}

void
progress_show(struct progress *p, size_t done)
{
	int64_t now;

	if (!p->shown)
		return;
	now = clock_monotonic_ms();
	if (now - p->last_ms < INTERVAL_MS)
		return;
	p->last_ms = now;
	fprintf(stderr, "\rpillarbox: %zu of %zu\033[K", done, p->count);
}

void
progress_clear(struct progress *p)
{
	/* The line may be another process's. */
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->last_ms = 0;
}

void
progress_end(struct progress *p)
{
	progress_clear(p);
	p->shown = false;
}
