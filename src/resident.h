/* SPDX-License-Identifier: ISC */
/*
 * A process that stays and works in rounds, until SIGTERM, SIGINT or SIGHUP.
 * These are blocked and looked for where nothing is half done, so that no call
 * that waits for a relay is ever broken off.
 */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>
#include <time.h>

void resident_begin(void);

/* Has one of the signals come? Always false before resident_begin(). */
bool resident_is_over(void);

/* Waits for the next round. False: one of the signals has come. */
bool resident_sleep(time_t seconds);

#endif
