/* SPDX-License-Identifier: ISC */
/* The access token for a relay. */
#include "oauth/oauth.h"

#include "base/clock.h"
#include "base/limits.h"
#include "oauth/cache.h"
#include "oauth/form.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* More than that is no answer to wait for. */
#define LEAST_MAX 3600

static int64_t
limit_of(const struct oauth_request *r, int64_t most)
{
	int64_t left = r->deadline_ms - clock_monotonic_ms();

	if (r->deadline_ms == 0 || left > most)
		return most;
	return left > 0 ? left : 0;
}

static bool
is_wanted(const struct oauth_request *r, const struct token *t)
{
	return token_is_good(t, clock_now()) &&
	       (r->refused == NULL || strcmp(r->refused, t->access_token) != 0);
}

/* Asks for a token, by the refresh token used, or as the client itself. */
static int
ask(const struct oauth_request *r, const char *used, struct answer *a,
    struct error *err)
{
	const struct oauth *o = r->relay->oauth;
	struct buf form;
	int rc;

	buf_init(&form, 2 * OAUTH_REPLY_MAX);
	rc = grant_begin(r->relay,
	    used != NULL ? "refresh_token" : "client_credentials", &form, err);
	if (used != NULL)
		form_add(&form, "refresh_token", used);
	form_add(&form, "scope", o->scope);
	if (rc == 0)
		rc = grant_ask(r->relay, o->token_endpoint, &form,
		    limit_of(r, OAUTH_TIMEOUT_MS), a, err);
	buf_wipe(&form);
	buf_release(&form);
	return rc;
}

/* With one refresh token. 1: that one is refused for good, as err says. */
static int
try_one(const struct oauth_request *r, struct token *t, const char *used,
    int *least, struct error *err)
{
	const char *endpoint = r->relay->oauth->token_endpoint;
	struct answer a = {0};
	time_t when = clock_now();
	int rc = ask(r, used, &a, err);

	if (rc == 0 && a.error != NULL) {
		grant_fault(r->relay, endpoint, &a, err);
		rc = err->kind == ERR_PERMISSION ? 1 : -1;
	} else if (rc == 0) {
		rc = token_take(t, used, &a, when, err);
	}
	*least = a.retry_after < LEAST_MAX ? (int)a.retry_after : LEAST_MAX;
	answer_release(&a);
	return rc;
}

/* A new refresh token that does not work, as after a reply that was cut off on
 * the server's side, leaves the one before. */
static int
try_all(const struct oauth_request *r, struct token *t, int *least,
    struct error *err)
{
	int rc = try_one(r, t, t->refresh_token, least, err);
	struct error why = *err;

	if (rc != 1 || t->refresh_token_before == NULL)
		return rc;
	rc = try_one(r, t, t->refresh_token_before, least, err);
	if (rc == 1)
		*err = why;
	return rc;
}

static int
say_authorize(const struct oauth_request *r, struct error *err)
{
	err->kind = ERR_PERMISSION;
	return error_append(
	    err, "; run: pillarbox --authorize %s", r->relay->name);
}

/* What is not to be tried again is kept, as is why. */
static void
give_up(struct cache *c, struct token *t, const struct error *why)
{
	struct error ignored;
	char *was = t->given_up;

	t->given_up = must_strdup(why->text);
	/* Where it cannot be written, the server says so once more. */
	cache_commit(c, t, &ignored);
	free(was);
}

/* Renews what was read. 1: somebody else has. */
static int
renew(const struct oauth_request *r, struct cache *c, struct token *t,
    int *least, struct error *err)
{
	bool client = r->relay->oauth->grant == GRANT_CLIENT;
	int rc;

	if (!client && t->refresh_token == NULL)
		return say_authorize(r, err);
	if (t->given_up != NULL)
		return error_set(err, ERR_PERMISSION, "%s", t->given_up);
	if (cache_prepare(c, err) != 0)
		return -1;
	rc = client ? try_one(r, t, NULL, least, err)
		    : try_all(r, t, least, err);
	if (rc == 1) {
		give_up(c, t, err);
		return -1;
	}
	if (rc != 0)
		return -1;
	token_set_identity(t, r->relay);
	return cache_commit(c, t, err);
}

static int
hand_over(const struct token *t, struct buf *to, struct error *err)
{
	buf_room(to, SECRET_MAX);
	buf_add_text(to, t->access_token);
	return buf_ok(to) ? 0
			  : error_set(err, ERR_TEMPORARY,
				"the access token is too long");
}

/* Whoever waits for the lock finds the work done. */
static int
renew_once(const struct oauth_request *r, struct cache *c, struct token *t,
    int *least, struct error *err)
{
	int64_t limit = limit_of(r, OAUTH_LOCK_MS);
	int rc;

	if (!cache_lock(c, limit) && limit < OAUTH_LOCK_MS)
		return error_set(err, ERR_TEMPORARY,
		    "another process is renewing the token");
	token_release(t);
	if (cache_read(c, t, err) < 0)
		return -1;
	if (is_wanted(r, t))
		return 0;
	rc = renew(r, c, t, least, err);
	if (rc != 1)
		return rc;
	/* Somebody went on without us; what that one has, counts. */
	token_release(t);
	if (cache_read(c, t, err) < 0)
		return -1;
	return is_wanted(r, t) ? 0
			       : error_set(err, ERR_TEMPORARY,
				     "another process is renewing the token");
}

int
oauth_token(const struct oauth_request *r, struct buf *to, int *least,
    struct error *err)
{
	struct token t = {0};
	struct cache c;
	int rc;

	*least = 0;
	if (cache_open(&c, r->config, r->relay->name, err) != 0)
		return -1;
	rc = cache_read(&c, &t, err);
	if (rc >= 0 && is_wanted(r, &t))
		rc = 0;
	else if (rc >= 0)
		rc = renew_once(r, &c, &t, least, err);
	if (rc == 0)
		rc = hand_over(&t, to, err);
	token_release(&t);
	cache_close(&c);
	return rc;
}

static int
replace(struct cache *c, const struct relay *relay, const struct answer *a,
    time_t when, struct error *err)
{
	struct token t = {0}, old = {0};
	int rc;

	/* Whatever is wrong with it, this is in its place. */
	cache_read(c, &old, err);
	t.serial = old.serial;
	rc = cache_prepare(c, err);
	if (rc == 0)
		rc = token_take(&t, NULL, a, when, err);
	if (rc == 0) {
		token_set_identity(&t, relay);
		rc = cache_commit(c, &t, err);
	}
	token_release(&old);
	token_release(&t);
	return rc;
}

int
oauth_keep(const struct config *config, const struct relay *relay,
    const struct answer *a, time_t when, struct error *err)
{
	struct cache c;
	int rc;

	if (a->refresh_token == NULL)
		return error_set(err, ERR_TEMPORARY,
		    "the server gives no refresh token; does the scope ask for "
		    "one (offline_access)?");
	if (cache_open(&c, config, relay->name, err) != 0)
		return -1;
	/* Who renews the old one is in vain; with the lock it knows. */
	cache_lock(&c, OAUTH_LOCK_MS);
	rc = replace(&c, relay, a, when, err);
	cache_close(&c);
	return rc == 1 ? error_set(err, ERR_TEMPORARY,
			     "another process has written the token; try again")
		       : rc;
}
