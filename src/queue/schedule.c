/* SPDX-License-Identifier: ISC */
/* When to try again. */
#include "queue/schedule.h"

#include <stddef.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DOUBT_MIN (10 * MINUTE)

static const time_t delays[] = {
    1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 1 * HOUR, 4 * HOUR};

static time_t
delay(unsigned attempts, uint32_t chance)
{
	size_t last = sizeof delays / sizeof delays[0] - 1;
	size_t i = attempts > 0 ? attempts - 1 : 0;
	time_t base = delays[i < last ? i : last];

	return base + (time_t)(chance % (uint32_t)(base / 10 + 1));
}

time_t
schedule_next(unsigned attempts, time_t now, uint32_t chance)
{
	return now + delay(attempts, chance);
}

time_t
schedule_after_doubt(unsigned attempts, time_t now, uint32_t chance)
{
	time_t wait = delay(attempts, chance);

	return now + (wait > DOUBT_MIN ? wait : DOUBT_MIN);
}
