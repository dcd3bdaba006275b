/* SPDX-License-Identifier: ISC */
/* When to try again, and when to stop. */
#include "queue/schedule.h"

#include "base/checksum.h"
#include "queue/store.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define DOUBT_MIN (10 * MINUTE)
#define ATTEMPTS_MIN 3

/* The clocks of a file server and of its client differ, and are corrected by
 * a little now and then: only more than this is a clock put back. */
#define CLOCK_SLACK HOUR

static const time_t retries[] = {
    1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 1 * HOUR, 4 * HOUR};
static const time_t probes[] = {1 * MINUTE, 5 * MINUTE, 15 * MINUTE};

void
schedule_init(struct schedule *s)
{
	*s = (struct schedule){
	    .retry_count = sizeof retries / sizeof retries[0],
	    .lifetime = (time_t)5 * DAY,
	    .warn_after = (time_t)4 * HOUR,
	};
	for (size_t i = 0; i < s->retry_count; i++)
		s->retry[i] = retries[i];
}

uint32_t
schedule_host(struct span identity)
{
	return checksum(identity);
}

/* The n-th of count waits (from one), the last of which repeats. */
static time_t
wait_of(const time_t *waits, size_t count, unsigned n)
{
	size_t i = n > 0 ? n - 1 : 0;

	return waits[i < count ? i : count - 1];
}

static time_t
stretched(const struct schedule *s, time_t base, uint32_t chance)
{
	uint32_t tenth = (uint32_t)(base / 10 + 1);

	return base + (time_t)(s->host % tenth) + (time_t)(chance % tenth);
}

time_t
schedule_next(
    const struct schedule *s, unsigned attempts, time_t now, uint32_t chance)
{
	time_t base = wait_of(s->retry, s->retry_count, attempts);

	return now + stretched(s, base, chance);
}

time_t
schedule_after_doubt(
    const struct schedule *s, unsigned attempts, time_t now, uint32_t chance)
{
	time_t next = schedule_next(s, attempts, now, chance);

	return next > now + DOUBT_MIN ? next : now + DOUBT_MIN;
}

time_t
schedule_probe(const struct schedule *s, unsigned failures, time_t least,
    time_t now, uint32_t chance)
{
	time_t base =
	    wait_of(probes, sizeof probes / sizeof probes[0], failures);

	if (least > base)
		base = least < HOUR ? least : HOUR;
	return now + stretched(s, base, chance);
}

time_t
schedule_believe(time_t next, time_t set, time_t now)
{
	return next != STORE_NEVER && set > now + CLOCK_SLACK ? 0 : next;
}

static time_t
age(time_t accepted, time_t now)
{
	return now > accepted ? now - accepted : 0;
}

bool
schedule_is_expired(
    const struct schedule *s, time_t accepted, time_t now, unsigned attempts)
{
	return attempts >= ATTEMPTS_MIN && age(accepted, now) >= s->lifetime;
}

bool
schedule_wants_warning(const struct schedule *s, time_t accepted, time_t now)
{
	return s->warn_after > 0 && age(accepted, now) >= s->warn_after;
}
