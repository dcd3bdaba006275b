/* SPDX-License-Identifier: ISC */
/* Mechanisms of a login. */
#include "config/mechanism.h"

static const char *const names[MECHANISM_COUNT] = {
    [MECHANISM_SCRAM_SHA_256_PLUS] = "SCRAM-SHA-256-PLUS",
    [MECHANISM_SCRAM_SHA_1_PLUS] = "SCRAM-SHA-1-PLUS",
    [MECHANISM_SCRAM_SHA_256] = "SCRAM-SHA-256",
    [MECHANISM_SCRAM_SHA_1] = "SCRAM-SHA-1",
    [MECHANISM_PLAIN] = "PLAIN",
    [MECHANISM_LOGIN] = "LOGIN",
};

const char *
mechanism_name(enum mechanism m)
{
	return names[m];
}

enum mechanism
mechanism_find(struct span name)
{
	enum mechanism m = 0;

	while (m < MECHANISM_COUNT && !span_is_nocase(name, names[m]))
		m++;
	return m;
}

unsigned
mechanism_set(struct span words)
{
	unsigned set = 0;
	struct span word;

	while (span_cut(&words, ' ', &word)) {
		enum mechanism m = mechanism_find(span_trim(word));

		if (m < MECHANISM_COUNT)
			set |= MECHANISM_BIT(m);
	}
	return set;
}
