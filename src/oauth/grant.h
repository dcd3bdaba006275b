/* SPDX-License-Identifier: ISC */
/* What is asked of an endpoint, and what it answers (RFC 6749 5, 8628 3). */
#ifndef OAUTH_GRANT_H
#define OAUTH_GRANT_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

#include <stdint.h>

/* To be released by answer_release(), also after a failure. */
struct answer {
	/* Of a token endpoint. */
	char *access_token;
	char *refresh_token;
	char *token_type;
	int64_t expires_in; /* seconds; 0: not said */
	/* Of a device endpoint. */
	char *device_code;
	char *user_code;
	char *verification_uri;
	char *verification_url; /* the same, as Google calls it */
	char *verification_uri_complete;
	int64_t interval; /* seconds; 0: not said */
	/* Of both. */
	char *error; /* NULL: none */
	char *error_description;
	/* Of HTTP. */
	long status;
	int64_t retry_after; /* seconds; 0: not said */
};

/* Reads the body of a reply. ERR_TEMPORARY: not all of it can be used; what can
 * is in a. */
int answer_read(struct answer *a, struct span json, struct error *err);

void answer_release(struct answer *a);

/* Is that what it says went wrong? */
bool answer_is(const struct answer *a, const char *error);

/*
 * Begins a request of this grant_type (NULL: none is said) in form, which is
 * empty and of SECRET_MAX at least, with the client's id and secret.
 * ERR_CONFIG.
 */
int grant_begin(const struct relay *relay, const char *type, struct buf *form,
    struct error *err);

/*
 * Asks, within limit_ms. 0: an answer that can be read, with what was asked
 * for, or with an error for which a->error is set. ERR_TEMPORARY: none came, or
 * one that cannot be read; a->status, a->retry_after and what else can be used
 * as far as known. Of what was sent nothing is in err.
 */
int grant_ask(const struct relay *relay, const char *endpoint,
    const struct buf *form, int64_t limit_ms, struct answer *a,
    struct error *err);

/*
 * What a->error means: returns -1 with ERR_PERMISSION when a person must
 * authorize anew, ERR_CONFIG when the client is not known as it is configured,
 * ERR_TEMPORARY for all else; err says what to do.
 */
int grant_fault(const struct relay *relay, const char *endpoint,
    const struct answer *a, struct error *err);

#endif
