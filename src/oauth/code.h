/* SPDX-License-Identifier: ISC */
/* A person agrees in a browser (RFC 6749 4.1, with PKCE). */
#ifndef OAUTH_CODE_H
#define OAUTH_CODE_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"
#include "oauth/grant.h"
#include "oauth/redirect.h"

#include <stdbool.h>
#include <stdint.h>

struct code {
	const struct relay *relay;
	struct buf verifier;
	struct buf state;
	struct buf redirect; /* where the browser is sent to */
	struct buf address;  /* where the person begins */
	struct buf code;
	struct buf line; /* what is copied, until no more of it comes */
	bool too_long;   /* a line of that, which is thrown away */
	int listener;    /* -1: none, the address is to be copied */
	int copied;      /* where that is read; -1: it has ended */
	int64_t end_ms;  /* clock_monotonic_ms(): then it is over */
};

/* Makes what the person needs, and begins to listen. ERR_TEMPORARY. */
int code_begin(
    struct code *c, const struct relay *relay, int copied, struct error *err);

/*
 * Waits for the code, at the listener and in the lines of copied at once. An
 * address may be broken into lines, if these come together.
 * REDIRECT_OTHER: something was copied that is not it; call it again.
 * REDIRECT_FAILED: nobody agreed, or not in time.
 */
enum redirect code_wait(struct code *c, struct error *err);

/* Has the token for it. As grant_ask() and grant_fault(). */
int code_redeem(struct code *c, struct answer *a, struct error *err);

/* Wipes all of it. */
void code_end(struct code *c);

#endif
