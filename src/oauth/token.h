/* SPDX-License-Identifier: ISC */
/* What is kept of the tokens for one relay, from one process to the next. */
#ifndef OAUTH_TOKEN_H
#define OAUTH_TOKEN_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"
#include "oauth/grant.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Begins as {0}; to be released by token_release(). */
struct token {
	char *of;            /* token_identity() of whom it was given to */
	char *access_token;  /* NULL: none */
	char *refresh_token; /* NULL: none */
	char *refresh_token_before; /* the one that this one came for; NULL:
				       this one has worked */
	char *given_up;   /* why the refresh token is good for nothing; NULL: it
			     is not known to be so */
	int64_t obtained; /* by the wall clock, seconds since 1970 */
	int64_t expires;  /* the same */
	int64_t serial;   /* of the file: one more with each writing */
};

/* For whom a token is: endpoint, client, scope and login, in printable ASCII.
 * What is kept for another one counts for nothing. */
void token_identity(const struct relay *relay, struct buf *to);

/* From now on t is for that. */
void token_set_identity(struct token *t, const struct relay *relay);

/* ERR_TEMPORARY: that is no token. t is empty before. */
int token_read(struct token *t, struct span text, struct error *err);

void token_write(const struct token *t, struct buf *to);

void token_release(struct token *t);

/*
 * Can its access token still be used? Not for the last five minutes, or the
 * last fifth if that is less; nor when the clock was put back behind the time
 * at which it was had.
 */
bool token_is_good(const struct token *t, time_t now);

/*
 * Takes what the endpoint gave for the refresh token used (NULL: for none),
 * asked at when. A new refresh token takes the place of that one, which stays
 * behind it until the new one has worked. ERR_TEMPORARY: it gave no access
 * token, or one of another type.
 */
int token_take(struct token *t, const char *used, const struct answer *a,
    time_t when, struct error *err);

/* The same with a new refresh token alone, when nothing else that came with it
 * can be used: the server may take no other any more. */
void token_take_refresh(
    struct token *t, const char *used, const char *refresh_token);

#endif
