/* SPDX-License-Identifier: ISC */
/* Mechanisms of a login with a password (RFC 4954, 4422), strongest first. */
#ifndef CONFIG_MECHANISM_H
#define CONFIG_MECHANISM_H

#include "base/span.h"

#include <stdbool.h>

enum mechanism {
	MECHANISM_SCRAM_SHA_256_PLUS, /* RFC 7677; bound to TLS (RFC 5802 6) */
	MECHANISM_SCRAM_SHA_1_PLUS,
	MECHANISM_SCRAM_SHA_256,
	MECHANISM_SCRAM_SHA_1,
	MECHANISM_PLAIN, /* RFC 4616 */
	MECHANISM_LOGIN, /* no RFC, and Microsoft has no other */
	MECHANISM_COUNT,
};

/* A set of them has a bit for each. */
#define MECHANISM_BIT(m) (1U << (m))
#define MECHANISM_ALL (MECHANISM_BIT(MECHANISM_COUNT) - 1)
#define MECHANISM_ALL_PLUS                             \
	(MECHANISM_BIT(MECHANISM_SCRAM_SHA_256_PLUS) | \
	    MECHANISM_BIT(MECHANISM_SCRAM_SHA_1_PLUS))
/* Those that send the password itself. */
#define MECHANISM_ALL_CLEAR \
	(MECHANISM_BIT(MECHANISM_PLAIN) | MECHANISM_BIT(MECHANISM_LOGIN))
/* Those that this build has. */
#ifdef HAVE_GSASL
#define MECHANISM_ALL_BUILT MECHANISM_ALL
#else
#define MECHANISM_ALL_BUILT MECHANISM_ALL_CLEAR
#endif

static inline bool
mechanism_is_scram(enum mechanism m)
{
	return (MECHANISM_BIT(m) & MECHANISM_ALL_CLEAR) == 0;
}

static inline bool
mechanism_is_plus(enum mechanism m)
{
	return (MECHANISM_BIT(m) & MECHANISM_ALL_PLUS) != 0;
}

/* In capitals, as a server names it. */
const char *mechanism_name(enum mechanism m);

/* The one of that name, or MECHANISM_COUNT. Case does not count. */
enum mechanism mechanism_find(struct span name);

/* Those that are named in words with blanks between them; others count for
 * nothing. */
unsigned mechanism_set(struct span words);

#endif
