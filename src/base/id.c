/* SPDX-License-Identifier: ISC */
/* Names that nobody else has. */
#include "base/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define TIME_DIGITS 13
#define CHANCE_DIGITS 6

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
	    chance & 0xffffffU);
}

bool
id_is_valid(struct span s)
{
	if (s.len != TIME_DIGITS + CHANCE_DIGITS)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (memchr("0123456789ABCDEF", s.at[i], 16) == NULL)
			return false;
	return true;
}
