/* SPDX-License-Identifier: ISC */
/* Sizes and durations as people write them. */
#ifndef CONFIG_UNITS_H
#define CONFIG_UNITS_H

#include "base/quota.h"

#include <stdbool.h>
#include <stdint.h>

/* "50M", "512k", "2G", "1000": octets, by powers of 1024. */
bool units_size(const char *text, int64_t *octets);

/* "15s", "10m", "4h", "5d", "30": milliseconds; a bare number is seconds. */
bool units_duration(const char *text, int64_t *ms);

/* "500/1d": a million in 31 days at most. */
bool units_quota(const char *text, struct quota *quota);

#endif
