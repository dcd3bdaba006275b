/* SPDX-License-Identifier: ISC */
/* One renewal of a token. Private to oauth/. */
#ifndef OAUTH_RENEW_H
#define OAUTH_RENEW_H

#include "oauth/cache.h"
#include "oauth/oauth.h"
#include "oauth/token.h"

#include <stdint.h>

/* What is left until the deadline, and no more than most; in milliseconds. */
int64_t renew_limit(const struct oauth_request *r, int64_t most);

/*
 * Renews what was read into t, and writes it; the lock is held. 1: what is on
 * disk now is to be read. Else as oauth_token().
 *
 * When the request has a deadline, a process of its own does it, which keeps
 * the lock and goes on behind that: a refresh token that the server has taken
 * is not given up for a caller who cannot wait. Where none can be had, the
 * deadline ends the request, and what the server answers behind it is lost.
 */
int renew_in_time(const struct oauth_request *r, struct cache *c,
    struct token *t, int *least, struct error *err);

#endif
