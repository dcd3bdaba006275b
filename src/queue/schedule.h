/* SPDX-License-Identifier: ISC */
/* When to try again. Pure arithmetic: time and chance come from outside. */
#ifndef QUEUE_SCHEDULE_H
#define QUEUE_SCHEDULE_H

#include <stdint.h>
#include <time.h>

/*
 * When to try after so many attempts (at least one) that ended at now: after
 * 1, 5 and 15 minutes, 1 hour, then every 4, each stretched by up to a tenth
 * as chance (any number) has it, so that a fleet does not march in step.
 */
time_t schedule_next(unsigned attempts, time_t now, uint32_t chance);

/* The same after an outcome in doubt: never sooner than the relay may still
 * be at work on it (RFC 5321 4.5.3.2.6: ten minutes). */
time_t schedule_after_doubt(unsigned attempts, time_t now, uint32_t chance);

#endif
