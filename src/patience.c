/* SPDX-License-Identifier: ISC */
/* How long the store waits. */
#include "patience.h"

#include "base/clock.h"

#include <stdint.h>
#include <unistd.h>

static int64_t end_ms; /* of the call; 0: none was begun */

void
patience_begin(void)
{
	end_ms = clock_monotonic_ms() + PATIENCE_CALL * (int64_t)1000;
	alarm(PATIENCE_CALL);
}

void
patience_renew(unsigned seconds)
{
	int64_t left = (end_ms - clock_monotonic_ms()) / 1000;

	if (end_ms == 0)
		return;
	if (left < seconds)
		seconds = left > 0 ? (unsigned)left : 1;
	alarm(seconds);
}
