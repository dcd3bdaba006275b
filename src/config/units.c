/* SPDX-License-Identifier: ISC */
/* Sizes and durations as people write them. */
#include "config/units.h"

#include "base/text.h"

struct unit {
	char letter;
	int64_t factor;
};

/* A number and perhaps one letter; false beyond a million million. */
static bool
scaled(
    const char *text, const struct unit *units, int64_t plain, int64_t *value)
{
	struct span number = span_of(text);
	unsigned long long n;
	int64_t factor = plain;

	if (number.len > 0 && !text_is_digit(number.at[number.len - 1])) {
		char letter = number.at[number.len - 1];

		while (units->letter != '\0' && units->letter != letter)
			units++;
		if (units->letter == '\0')
			return false;
		factor = units->factor;
		number.len--;
	}
	if (!text_number(number, 1000000000000ULL / (uint64_t)factor, &n))
		return false;
	*value = (int64_t)n * factor;
	return true;
}

bool
units_size(const char *text, int64_t *octets)
{
	static const struct unit units[] = {{'k', 1024}, {'K', 1024},
	    {'M', 1024 * 1024}, {'G', 1024 * 1024 * 1024}, {0}};

	return scaled(text, units, 1, octets);
}

bool
units_duration(const char *text, int64_t *ms)
{
	static const struct unit units[] = {
	    {'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}, {0}};

	return scaled(text, units, 1000, ms);
}

bool
units_quota(const char *text, struct quota *quota)
{
	struct span time = span_of(text), count;
	char rest[32];
	unsigned long long n;
	int64_t ms;

	if (!span_cut(&time, '/', &count) || !text_number(count, 1000000, &n) ||
	    n == 0 || !text_copy(rest, sizeof rest, time) ||
	    !units_duration(rest, &ms) || ms < 1000 ||
	    ms > 31 * (int64_t)86400000)
		return false;
	*quota = (struct quota){.count = (int64_t)n, .seconds = ms / 1000};
	return true;
}
