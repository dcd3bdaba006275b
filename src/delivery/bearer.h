/* SPDX-License-Identifier: ISC */
/*
 * Logins with a token (RFC 6750), message by message: OAUTHBEARER (RFC 7628),
 * and XOAUTH2, which is Google's and Microsoft's own. The token is said first;
 * one that is refused is answered by a challenge with the reason, and that by
 * next to nothing, so that the reply comes.
 */
#ifndef DELIVERY_BEARER_H
#define DELIVERY_BEARER_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

/* The token, and the answer to why it is refused. */
#define BEARER_STEPS 2

/* Why a token is refused, cut to fit: the texts of providers have some 150. */
#define BEARER_REFUSAL_SIZE 256

struct bearer {
	int mechanism;    /* one of MECHANISM_ALL_TOKEN */
	const char *user; /* whom to act for */
	const char *token;
	const char *host; /* "/PATH" of a socket: neither is said */
	unsigned port;
	unsigned steps; /* so far */
};

/*
 * Takes a challenge, in base64, and appends the answer, in base64; no more
 * often than BEARER_STEPS. At first the challenge is empty, and the answer what
 * can go with AUTH. The second one says in refusal why the token is refused:
 * printable, never empty, and it may quote the token.
 *
 * -1, ERR_CONFIG: no server would take so long an answer.
 */
int bearer_step(struct bearer *b, struct span challenge, struct buf *answer,
    char refusal[BEARER_REFUSAL_SIZE], struct error *err);

/* Has the token been said, and not been refused? Only then it may be taken. */
bool bearer_is_done(const struct bearer *b);

#endif
