/* SPDX-License-Identifier: ISC */
/* The only place that asks what time it is, and the forms we write it in. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define CLOCK_TEXT_SIZE 40

/* Microseconds since 1970, as the wall clock has it. */
int64_t clock_now_us(void);

/* The same in seconds. */
time_t clock_now(void);

/* Milliseconds of a clock that never jumps: for deadlines. */
int64_t clock_monotonic_ms(void);

/* Sleeps so long, or until a signal comes. */
void clock_nap(int ms);

/* "Sat, 21 Nov 2026 19:25:01 +0000" in local time (RFC 5322 3.3). */
void clock_rfc5322(time_t when, char to[CLOCK_TEXT_SIZE]);

/* "Nov 21 19:25:01" in local time (RFC 3164 4.1.2). */
void clock_syslog(time_t when, char to[CLOCK_TEXT_SIZE]);

/* "2026-11-21T19:25:01Z" (RFC 3339). */
void clock_utc(time_t when, char to[CLOCK_TEXT_SIZE]);

/* "Sat Nov 21 19:25:01" in local time, as mailq shows it. */
void clock_mailq(time_t when, char to[CLOCK_TEXT_SIZE]);

/* What was last asked of the local time; begins as {0}. */
struct clock_quarter {
	bool known;
	time_t begin; /* of a quarter of an hour */
	struct tm tm;
};

/* The same, quicker for many times in a row that are near to each other. */
void clock_mailq_many(
    struct clock_quarter *q, time_t when, char to[CLOCK_TEXT_SIZE]);

/* Reads what clock_utc() writes. -1 if it is anything else. */
time_t clock_parse_utc(struct span text);

/* "50s", "12m", "3h", "2d": the largest unit that says it, rounded down. */
void clock_duration(time_t seconds, char to[CLOCK_TEXT_SIZE]);

#endif
