/* SPDX-License-Identifier: ISC */
/* Patterns for addresses. */
#include "message/pattern.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool
fits(const char *pattern, const char *address)
{
	const char *domain = strrchr(address, '@');
	const char *ours = strrchr(pattern, '@');
	size_t fixed;

	if (domain == NULL || ours == NULL || ours == pattern ||
	    ours[-1] != '*')
		return strcasecmp(pattern, address) == 0;
	fixed = (size_t)(ours - 1 - pattern);
	/* What stands for "*" may be empty, as in "alice+@example.org". */
	return (fixed == 0 || pattern[fixed - 1] == '+') &&
	       (size_t)(domain - address) >= fixed &&
	       strncasecmp(pattern, address, fixed) == 0 &&
	       strcasecmp(ours, domain) == 0;
}

bool
pattern_any_fits(char *const *patterns, const char *address)
{
	for (; *patterns != NULL; patterns++)
		if (fits(*patterns, address))
			return true;
	return false;
}

bool
pattern_fits_domain(const char *pattern, const char *domain)
{
	size_t n = strlen(domain), tail;

	if (pattern[0] != '*')
		return strcasecmp(pattern, domain) == 0;
	tail = strlen(pattern + 1);
	return n > tail && strcasecmp(domain + n - tail, pattern + 1) == 0;
}
