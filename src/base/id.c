/* SPDX-License-Identifier: ISC */
/* Names that nobody else has. */
#include "base/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define TIME_DIGITS 13
#define CHANCE_DIGITS 6

/* The upper two of the 24 bits are left for ids made of others. */
#define CHANCE_MASK 0x3fffffU

void
id_new(int64_t now_us, char to[ENTRY_ID_SIZE])
{
	uint32_t chance = 0;

	/* So few bytes are never cut short; before the pool is ready it waits.
	 */
	if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
		abort();
	snprintf(to, ENTRY_ID_SIZE, "%013llX%06X",
	    (unsigned long long)now_us & 0xfffffffffffffULL,
	    chance & CHANCE_MASK);
}

void
id_least(int64_t now_us, char to[ENTRY_ID_SIZE])
{
	snprintf(to, ENTRY_ID_SIZE, "%013llX000000",
	    (unsigned long long)now_us & 0xfffffffffffffULL);
}

void
id_derive(const char *id, enum id_kind kind, char to[ENTRY_ID_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	const char *digit = memchr(digits, id[TIME_DIGITS], 16);
	unsigned value = digit != NULL ? (unsigned)(digit - digits) : 0;

	memcpy(to, id, TIME_DIGITS + CHANCE_DIGITS + 1);
	to[TIME_DIGITS] = digits[(value + 4 * (unsigned)kind) & 15];
}

int64_t
id_time_us(const char *id)
{
	char digits[TIME_DIGITS + 1];

	memcpy(digits, id, TIME_DIGITS);
	digits[TIME_DIGITS] = '\0';
	return strtoll(digits, NULL, 16);
}

bool
id_is_valid(struct span s)
{
	if (s.len != TIME_DIGITS + CHANCE_DIGITS)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!(s.at[i] >= '0' && s.at[i] <= '9') &&
		    !(s.at[i] >= 'A' && s.at[i] <= 'F'))
			return false;
	return true;
}
