/* SPDX-License-Identifier: ISC */
/* The mechanisms of a login (RFC 4422) that a relay may be told, as a table. */
#ifndef CONFIG_MECHANISM_H
#define CONFIG_MECHANISM_H

#include "base/buf.h"
#include "base/span.h"
#include "config/config.h"

#include <stdbool.h>

/* In the order in which they are chosen. A set of them is one bit for each. */
enum mechanism {
	MECHANISM_EXTERNAL,
	MECHANISM_SCRAM_SHA_256_PLUS, /* bound to TLS (RFC 5802 6) */
	MECHANISM_SCRAM_SHA_1_PLUS,
	MECHANISM_SCRAM_SHA_256,
	MECHANISM_SCRAM_SHA_1,
	MECHANISM_DIGEST_MD5,
	MECHANISM_CRAM_MD5,
	MECHANISM_PLAIN,
	MECHANISM_LOGIN,
	MECHANISM_OAUTHBEARER, /* these two by a token: for oauth, not auth */
	MECHANISM_XOAUTH2,
	MECHANISM_COUNT,
};

#define MECHANISM_BIT(mechanism) (1U << (mechanism))

#define MECHANISM_ALL_PLUS                             \
	(MECHANISM_BIT(MECHANISM_SCRAM_SHA_256_PLUS) | \
	    MECHANISM_BIT(MECHANISM_SCRAM_SHA_1_PLUS))
#define MECHANISM_ALL_SCRAM                                            \
	(MECHANISM_ALL_PLUS | MECHANISM_BIT(MECHANISM_SCRAM_SHA_256) | \
	    MECHANISM_BIT(MECHANISM_SCRAM_SHA_1))
/* Those that tell the server the password. */
#define MECHANISM_ALL_CLEAR \
	(MECHANISM_BIT(MECHANISM_PLAIN) | MECHANISM_BIT(MECHANISM_LOGIN))

#define MECHANISM_ALL_TOKEN                     \
	(MECHANISM_BIT(MECHANISM_OAUTHBEARER) | \
	    MECHANISM_BIT(MECHANISM_XOAUTH2))

/* Whatever its case; -1: there is none of that name. */
int mechanism_find(struct span name);

const char *mechanism_name(int mechanism);

/* Those that auth may name in this build: SCRAM needs libgsasl. */
unsigned mechanism_built(void);

/* What is used where auth is silent. */
unsigned mechanism_usual(void);

/* Does one of the set ask for a password? */
bool mechanism_needs_password(unsigned set);

/* Is the relay never to be used without a login? */
bool mechanism_is_wanted(const struct relay *r);

/* Those that are named in words, as EHLO has them; others count for nothing. */
unsigned mechanism_set(struct span words);

/* Which of the set is chosen; -1: it is empty. */
int mechanism_choose(unsigned set);

/* Appends the names of the set, each behind before, with between between. */
void mechanism_list(
    unsigned set, const char *before, const char *between, struct buf *to);

#endif
