/* SPDX-License-Identifier: ISC */
/* Mechanisms of a login with a password (RFC 4954, 4422), strongest first. */
#ifndef CONFIG_MECHANISM_H
#define CONFIG_MECHANISM_H

#include "base/span.h"

enum mechanism {
	MECHANISM_PLAIN, /* RFC 4616 */
	MECHANISM_LOGIN, /* no RFC, and Microsoft has no other */
	MECHANISM_COUNT,
};

/* A set of them has a bit for each. */
#define MECHANISM_BIT(m) (1U << (m))
#define MECHANISM_ALL (MECHANISM_BIT(MECHANISM_COUNT) - 1)

/* In capitals, as a server names it. */
const char *mechanism_name(enum mechanism m);

/* The one of that name, or MECHANISM_COUNT. Case does not count. */
enum mechanism mechanism_find(struct span name);

/* Those that are named in words with blanks between them; others count for
 * nothing. */
unsigned mechanism_set(struct span words);

#endif
