/* SPDX-License-Identifier: ISC */
/* A person agrees on another device (RFC 8628). */
#ifndef OAUTH_DEVICE_H
#define OAUTH_DEVICE_H

#include "base/error.h"
#include "config/config.h"
#include "oauth/grant.h"

/*
 * Asks for a code for the person: a has user_code and verification_uri, which
 * can be shown. As grant_ask() and grant_fault().
 */
int device_begin(
    const struct relay *relay, struct answer *a, struct error *err);

/*
 * Asks again and again, no more often than the server wants, until the person
 * has agreed: then token is what it gives. ERR_PERMISSION: they did not, or not
 * in time. Trouble with the network is waited out as long as the code lives.
 */
int device_wait(const struct relay *relay, const struct answer *a,
    struct answer *token, struct error *err);

#endif
