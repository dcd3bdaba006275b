/* SPDX-License-Identifier: ISC */
/* The access token for a relay. */
#include "oauth/oauth.h"

#include "base/clock.h"
#include "base/limits.h"
#include "oauth/cache.h"
#include "oauth/renew.h"

#include <stdbool.h>
#include <string.h>

static bool
is_wanted(const struct oauth_request *r, const struct token *t)
{
	return token_is_good(t, clock_now()) &&
	       (r->refused == NULL || strcmp(r->refused, t->access_token) != 0);
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
	int64_t limit = renew_limit(r, OAUTH_LOCK_MS);
	int rc;

	if (!cache_lock(c, limit) && limit < OAUTH_LOCK_MS)
		return error_set(err, ERR_TEMPORARY,
		    "another process is renewing the token");
	token_release(t);
	if (cache_read(c, t, err) < 0)
		return -1;
	if (is_wanted(r, t))
		return 0;
	rc = renew_in_time(r, c, t, least, err);
	if (rc != 1)
		return rc;
	/* By somebody who went on without us, or behind us. */
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

int
oauth_can_keep(
    const struct config *config, const struct relay *relay, struct error *err)
{
	struct cache c;
	int rc = 0;

	if (cache_open(&c, config, relay->name, err) != 0)
		return -1;
	/* Whoever renews it just now has found room, and is not disturbed. */
	if (cache_lock(&c, 0))
		rc = cache_prepare(&c, err);
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
