/* SPDX-License-Identifier: ISC */
/* The access token for a relay: kept, or renewed. */
#ifndef OAUTH_OAUTH_H
#define OAUTH_OAUTH_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"
#include "oauth/grant.h"

#include <stdint.h>
#include <time.h>

struct oauth_request {
	const struct config *config;
	const struct relay *relay; /* has oauth, and no token-command */
	const char *refused; /* the relay has refused this one; NULL: none */
	int64_t deadline_ms; /* clock_monotonic_ms(); 0: none */
};

/*
 * Appends the token to to, whose ceiling is SECRET_MAX; the caller wipes it.
 * What is kept is taken while it is good, and not the one refused; else it is
 * renewed, by one process at a time, and on disk before it is here.
 *
 * ERR_PERMISSION: a person must authorize it, err says by which command.
 * ERR_CONFIG: what the administrator must mend. ERR_TEMPORARY: everything
 * else, *least being how many seconds the server wants not to be asked again
 * (0: it does not say); nothing is given up for that.
 */
int oauth_token(const struct oauth_request *request, struct buf *to, int *least,
    struct error *err);

/*
 * Could that be kept, which a person is to authorize? Asked before they are.
 * ERR_TEMPORARY: there is no room, or it cannot be written. ERR_CONFIG.
 */
int oauth_can_keep(
    const struct config *config, const struct relay *relay, struct error *err);

/*
 * Keeps what a person has authorized just now, asked for at when, in place of
 * what was kept. ERR_TEMPORARY: there is no refresh token in it, or the disk
 * failed.
 */
int oauth_keep(const struct config *config, const struct relay *relay,
    const struct answer *a, time_t when, struct error *err);

#endif
