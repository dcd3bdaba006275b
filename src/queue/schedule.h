/* SPDX-License-Identifier: ISC */
/*
 * When to try again, and when to stop. Pure arithmetic: times, chance and the
 * host's number come from outside. All times are in seconds.
 */
#ifndef QUEUE_SCHEDULE_H
#define QUEUE_SCHEDULE_H

#include "base/limits.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* What the configuration says, and whose host it is. */
struct schedule {
	time_t retry[RETRY_COUNT_MAX]; /* waits; the last one repeats */
	size_t retry_count;            /* at least one */
	time_t lifetime;
	time_t warn_after; /* 0: never */
	uint32_t host;     /* schedule_host() */
};

/* 1, 5 and 15 minutes, 1 hour, then every 4; 5 days; a notice after 4 hours;
 * host 0. */
void schedule_init(struct schedule *s);

/* A number that is always the same on one host, from its identity (any text
 * that other hosts have not). */
uint32_t schedule_host(struct span identity);

/*
 * When to try after so many attempts (at least one) that ended at now. Each
 * wait is stretched by up to a tenth as the host has it, so that a fleet does
 * not march in step, and by up to another as chance (any number) has it.
 */
time_t schedule_next(
    const struct schedule *s, unsigned attempts, time_t now, uint32_t chance);

/* The same after an outcome in doubt: never sooner than the relay may still
 * be at work on it (RFC 5321 4.5.3.2.6: ten minutes). */
time_t schedule_after_doubt(
    const struct schedule *s, unsigned attempts, time_t now, uint32_t chance);

/*
 * When to probe a relay that failed so many times in a row (at least once):
 * after 1, 5, and then every 15 minutes, but not before least (seconds, at most
 * an hour), all stretched as above. Whatever chance and host are, it is less
 * than SCHEDULE_PAUSE_MAX ahead of now.
 */
time_t schedule_probe(const struct schedule *s, unsigned failures, time_t least,
    time_t now, uint32_t chance);

#define SCHEDULE_PAUSE_MAX ((time_t)80 * 60)

/*
 * The time of the next attempt, of which all is known that a file tells: next
 * (STORE_NEVER or any other), and when that was written down (set). Where that
 * was clearly later than now, the clock has been put back since, and next
 * means nothing: 0, so that it is due. STORE_NEVER stays.
 */
time_t schedule_believe(time_t next, time_t set, time_t now);

/*
 * Is it time to give up? Its lifetime is over, and it had three attempts at
 * least, so that a wrong clock alone expires nothing. What was accepted in
 * the future (the clock went back) has no age.
 */
bool schedule_is_expired(
    const struct schedule *s, time_t accepted, time_t now, unsigned attempts);

/* Has it waited long enough for its sender to be told? Whether they were told
 * before is for the caller to know (record "warned"). */
bool schedule_wants_warning(
    const struct schedule *s, time_t accepted, time_t now);

#endif
