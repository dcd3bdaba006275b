/* SPDX-License-Identifier: ISC */
/* A renewal: asked for, taken, and written. */
#include "oauth/renew.h"

#include "base/behind.h"
#include "base/clock.h"
#include "base/limits.h"
#include "oauth/form.h"
#include "oauth/https.h"

#include <stdbool.h>
#include <stdlib.h>

/* More than that is no answer to wait for. */
#define LEAST_MAX 3600

int64_t
renew_limit(const struct oauth_request *r, int64_t most)
{
	int64_t left = r->deadline_ms - clock_monotonic_ms();

	if (r->deadline_ms == 0 || left > most)
		return most;
	return left > 0 ? left : 0;
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
		    renew_limit(r, OAUTH_TIMEOUT_MS), a, err);
	buf_wipe(&form);
	buf_release(&form);
	return rc;
}

/* The server has used up the one that it was shown, and what it gave with the
 * next one is good for nothing. */
static void
keep_refresh_token(
    struct cache *c, struct token *t, const char *used, const struct answer *a)
{
	struct error ignored;

	if (used == NULL || a->refresh_token == NULL || a->status != 200)
		return;
	token_take_refresh(t, used, a->refresh_token);
	cache_commit(c, t, &ignored);
}

/* With one refresh token. 1: that one is refused for good, as err says. */
static int
try_one(const struct oauth_request *r, struct cache *c, struct token *t,
    const char *used, int *least, struct error *err)
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
	if (rc == -1 && a.error == NULL)
		keep_refresh_token(c, t, used, &a);
	*least = a.retry_after < LEAST_MAX ? (int)a.retry_after : LEAST_MAX;
	answer_release(&a);
	return rc;
}

/* A new refresh token that does not work, as after a reply that was cut off on
 * the server's side, leaves the one before. */
static int
try_all(const struct oauth_request *r, struct cache *c, struct token *t,
    int *least, struct error *err)
{
	int rc = try_one(r, c, t, t->refresh_token, least, err);
	struct error why = *err;

	if (rc != 1 || t->refresh_token_before == NULL)
		return rc;
	rc = try_one(r, c, t, t->refresh_token_before, least, err);
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
	rc = client ? try_one(r, c, t, NULL, least, err)
		    : try_all(r, c, t, least, err);
	if (rc == 1) {
		give_up(c, t, err);
		return -1;
	}
	if (rc != 0)
		return -1;
	token_set_identity(t, r->relay);
	return cache_commit(c, t, err);
}

/* A renewal behind its caller, and what it says of it. */
struct errand {
	struct oauth_request request;
	struct cache *cache;
	struct token *token;
};

struct outcome {
	int rc;
	int least;
	struct error err;
};

_Static_assert(sizeof(struct outcome) <= BEHIND_MAX, "it fits an answer");

static void
run(void *context, void *answer)
{
	struct errand *e = context;
	struct outcome *o = answer;

	o->rc = renew(&e->request, e->cache, e->token, &o->least, &o->err);
	token_release(e->token);
	cache_close(e->cache);
}

/* The server may have taken the refresh token that it was shown: what comes
 * for it is waited for, and kept, by whoever has the time. */
int
renew_in_time(const struct oauth_request *r, struct cache *c, struct token *t,
    int *least, struct error *err)
{
	const int keep[] = {c->root, c->folder, c->lock};
	struct errand e = {.request = *r, .cache = c, .token = t};
	struct outcome o = {.rc = 1};
	struct span host = https_host(r->relay->oauth->token_endpoint);

	if (r->deadline_ms == 0)
		return renew(r, c, t, least, err);
	e.request.deadline_ms = 0;
	switch (behind(run, &e, keep, sizeof keep / sizeof keep[0], &o,
	    sizeof o, r->deadline_ms)) {
	case BEHIND_NONE:
		return renew(r, c, t, least, err);
	case BEHIND_LATE:
		return error_set(err, ERR_TEMPORARY,
		    "no token from %.*s in time; its renewal goes on by itself",
		    SPAN_ARG(host));
	case BEHIND_DONE:
		break;
	}
	*least = o.least;
	if (o.rc == 0)
		return 1;
	*err = o.err;
	return o.rc;
}
