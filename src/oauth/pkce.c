/* SPDX-License-Identifier: ISC */
/* Chance, and SHA-256 by nettle. */
#include "oauth/pkce.h"

#include "message/base64.h"

#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <sys/random.h>

#define OCTETS 32

/* RFC 4648 5, without padding. */
static void
add_base64url(const void *octets, size_t len, struct buf *to)
{
	size_t start = to->len;

	base64_add(span(octets, len), to);
	if (!buf_ok(to))
		return;
	for (size_t i = start; i < to->len; i++) {
		if (to->at[i] == '+')
			to->at[i] = '-';
		else if (to->at[i] == '/')
			to->at[i] = '_';
	}
	while (to->len > start && to->at[to->len - 1] == '=')
		to->len--;
}

int
pkce_random(struct buf *to, struct error *err)
{
	char octets[OCTETS];

	if (getrandom(octets, sizeof octets, 0) != (ssize_t)sizeof octets)
		return error_errno(err, ERR_TEMPORARY, "getrandom");
	add_base64url(octets, sizeof octets, to);
	explicit_bzero(octets, sizeof octets);
	return 0;
}

void
pkce_challenge(struct span verifier, struct buf *to)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, verifier.len, (const uint8_t *)verifier.at);
	sha256_digest(&context, sizeof digest, digest);
	add_base64url(digest, sizeof digest, to);
	explicit_bzero(&context, sizeof context);
}

bool
pkce_same(struct span a, struct span b)
{
	return a.len == b.len && memeql_sec(a.at, b.at, a.len) != 0;
}
