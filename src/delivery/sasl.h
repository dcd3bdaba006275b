/* SPDX-License-Identifier: ISC */
/*
 * Logins with a password, message by message (RFC 4422), as SMTP carries them
 * (RFC 4954). The only user of libgsasl; in a build without it there is none,
 * and libcurl logs in by PLAIN and LOGIN.
 */
#ifndef DELIVERY_SASL_H
#define DELIVERY_SASL_H

#include "base/buf.h"
#include "base/error.h"
#include "config/mechanism.h"
#include "delivery/binding.h"

#include <stdbool.h>

struct sasl;

struct sasl_options {
	int mechanism;        /* one that is built (config/mechanism.h) */
	const char *host;     /* for DIGEST-MD5 */
	const char *user;     /* by EXTERNAL whom to act for, NULL: anybody */
	const char *password; /* NULL: none is needed */
	const struct binding *binding; /* used by -PLUS, which needs one */
};

/* Begins one. NULL: ERR_INTERNAL; ERR_PERMISSION: user or password has no form
 * in SCRAM (RFC 4013). What is kept of the password is wiped by
 * sasl_end(). */
struct sasl *sasl_begin(const struct sasl_options *options, struct error *err);

/*
 * Takes a challenge, in base64, and appends the answer to answer, in base64.
 * At first the challenge is empty, and the answer is what can go with AUTH.
 * challenge may come from anybody, SASL_CHALLENGE_MAX octets at most.
 *
 * -1, ERR_PERMISSION: the server does not keep to the mechanism, or does not
 * prove that it knows the password. Nothing is to be said any more.
 */
int sasl_step(struct sasl *sasl, struct span challenge, struct buf *answer,
    struct error *err);

/* Has all been said, and the server proved what it has to prove? Only then it
 * may say that we are logged in. */
bool sasl_is_done(const struct sasl *sasl);

void sasl_end(struct sasl *sasl);

#endif
