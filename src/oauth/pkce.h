/* SPDX-License-Identifier: ISC */
/* What nobody can guess, and its proof (RFC 7636, S256). */
#ifndef OAUTH_PKCE_H
#define OAUTH_PKCE_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

/* Appends 43 characters of base64url: 32 octets of chance. ERR_TEMPORARY: the
 * kernel has none to give. */
int pkce_random(struct buf *to, struct error *err);

/* Appends the challenge of a verifier. */
void pkce_challenge(struct span verifier, struct buf *to);

/* Are they the same? It takes as long where they differ at the first octet as
 * at the last. */
bool pkce_same(struct span a, struct span b);

#endif
