/* SPDX-License-Identifier: ISC */
/* From a relay to a session with it. */
#include "deliver.h"

#include "base/clock.h"
#include "base/io.h"
#include "config/secret.h"
#include "oauth/oauth.h"
#include "password.h"
#include "pin.h"
#include "queue/bound.h"

/* Where logins at this relay were bound to TLS before. */
static void
read_bound(const struct courier *c, const struct post *post, struct buf *to)
{
	buf_init(to, 16 * KIB);
	if (c->store != NULL && post->relay->user != NULL)
		bound_read(c->store, post->relay->name, to);
}

/* The first login at a place that is bound to TLS is remembered. */
static void
note_bound(const struct courier *c, const struct post *post, struct span known)
{
	const char *place = stream_bound(post->session.stream);
	struct span one;

	while (place != NULL && span_cut(&known, '\n', &one))
		if (span_is(one, place))
			place = NULL;
	if (place != NULL && c->store != NULL)
		bound_add(c->store, post->relay->name, place);
}

/* Whoever unlocks a key store for it may take the time. */
static void
take_time(struct courier *c, int64_t asked)
{
	if (c->deadline_ms != 0)
		c->deadline_ms += clock_monotonic_ms() - asked;
}

static int
open_session(struct courier *c, struct post *post,
    struct stream_options *options, struct error *err)
{
	int64_t asked = clock_monotonic_ms();
	struct buf bound;
	int rc, pin;

	if (pin_begin(c, post->relay, &pin, err) != 0)
		return -1;
	if (password_get_key(c, post, err) != 0) {
		io_close(&pin);
		return -1;
	}
	if (secret_key_is_there(post->relay))
		take_time(c, asked);
	options->key_password = buf_text(&post->key);
	read_bound(c, post, &bound);
	options->bound = buf_span(&bound);
	options->deadline_ms = c->deadline_ms;
	rc = session_open(&post->session, options, err);
	if (rc == 0)
		note_bound(c, post, options->bound);
	buf_release(&bound);
	buf_wipe(&post->key);
	io_close(&pin);
	/* It may be what cannot be used of certificate and key. */
	if (rc != 0 && err->kind == ERR_CONFIG)
		password_forget_key(c, post);
	return rc;
}

/* With what was kept of a password or, anew, without. 1: it was refused, and
 * had been kept. */
static int
try_password(struct courier *c, struct post *post, bool anew,
    struct stream_options *options, struct error *err)
{
	int64_t asked = clock_monotonic_ms();
	int kept = 0, rc;

	if (secret_is_there(post->relay)) {
		kept = password_get(c, post, anew, err);
		if (kept < 0)
			return -1;
		options->password = buf_text(&post->password);
		take_time(c, asked);
	}
	rc = open_session(c, post, options, err);
	return rc != 0 && err->kind == ERR_PERMISSION && kept > 0 ? 1 : rc;
}

static int
open_by_password(struct courier *c, struct post *post,
    struct stream_options *options, struct error *err)
{
	int rc = try_password(c, post, false, options, err);

	/* It may have been changed meanwhile. */
	if (rc > 0)
		rc = try_password(c, post, true, options, err);
	if (rc != 0 && err->kind == ERR_PERMISSION)
		password_forget(c, post);
	return rc;
}

/* Anew, if there is one that was refused. */
static int
read_token(struct courier *c, struct post *post, const char *refused,
    struct error *err)
{
	const struct oauth_request request = {
	    .config = c->config,
	    .relay = post->relay,
	    .refused = refused,
	    .deadline_ms = c->deadline_ms,
	};
	int64_t asked = clock_monotonic_ms();

	if (post->relay->oauth->grant != GRANT_COMMAND) {
		buf_wipe(&post->password);
		return oauth_token(
		    &request, &post->password, &post->least, err);
	}
	if (password_get(c, post, refused != NULL, err) < 0)
		return -1;
	take_time(c, asked);
	return 0;
}

/* The one that was refused is not sent again: then err stays as it was. */
static int
try_token(struct courier *c, struct post *post, const char *refused,
    struct stream_options *options, struct error *err)
{
	if (read_token(c, post, refused, err) != 0)
		return -1;
	options->token = buf_text(&post->password);
	if (refused != NULL && strcmp(refused, options->token) == 0)
		return -1;
	return open_session(c, post, options, err);
}

/* Once more with a new token, if the relay refuses one that it was given: it
 * may have been revoked, or a clock is wrong. */
static int
open_by_token(struct courier *c, struct post *post,
    struct stream_options *options, struct error *err)
{
	struct buf refused;
	bool again = false;
	int rc;

	buf_init(&refused, SECRET_MAX);
	buf_room(&refused, SECRET_MAX);
	options->token_refused = &again;
	rc = try_token(c, post, NULL, options, err);
	if (rc != 0 && again) {
		buf_add_span(&refused, buf_span(&post->password));
		rc = try_token(c, post, buf_text(&refused), options, err);
	}
	if (rc != 0 && again)
		password_forget(c, post);
	buf_wipe(&refused);
	buf_release(&refused);
	return rc;
}

int
post_open(struct courier *c, struct post *post, struct error *err)
{
	struct stream_options options = {
	    .relay = post->relay,
	    .host_name = c->config->host_name,
	    .transcript = c->verbose,
	    .findings = c->findings,
	    .foreground_ms = c->config->foreground_timeout_ms,
	};
	int rc;

	if (post->open)
		return 0;
	peer_of_relay(post->relay, &post->peer);
	post_take_slot(c, post);
	if (post->relay->oauth != NULL)
		rc = open_by_token(c, post, &options, err);
	else
		rc = open_by_password(c, post, &options, err);
	buf_wipe(&post->password);
	post->open = rc == 0;
	if (rc == 0)
		peer_of_stream(post->session.stream, &post->peer);
	return rc;
}
