/* SPDX-License-Identifier: ISC */
/* Patterns for addresses, as "senders" of a relay has them. */
#ifndef MESSAGE_PATTERN_H
#define MESSAGE_PATTERN_H

#include <stdbool.h>

/*
 * Does one of patterns, which end in NULL? "alice@example.org", "*@example.org"
 * or "alice+*@example.org"; without regard to case, as every provider does.
 * What stands for "*" may be empty.
 */
bool pattern_any_fits(char *const *patterns, const char *address);

/* "web1.example.org", or "*.example.org" for all that is below it. */
bool pattern_fits_domain(const char *pattern, const char *domain);

#endif
