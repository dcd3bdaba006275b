/* SPDX-License-Identifier: ISC */
/* Sessions with relays, opened when the first message needs one. */
#include "deliver.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/process.h"
#include "config/secret.h"
#include "oauth/oauth.h"
#include "outage.h"
#include "queue/pause.h"
#include "queue/slot.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* A fleet of hosts with one configuration has as many identities. */
static void
set_schedule(struct schedule *s, const struct config *config)
{
	struct error ignored;
	struct buf identity;
	int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);

	schedule_init(s);
	s->retry_count = config->retry_count;
	for (size_t i = 0; i < s->retry_count; i++)
		s->retry[i] = (time_t)config->retry[i];
	s->lifetime = (time_t)config->lifetime;
	s->warn_after = (time_t)config->warn_after;
	buf_init(&identity, 4 * KIB);
	if (fd < 0 || io_read_all(fd, &identity, "", &ignored) != 0 ||
	    identity.len == 0)
		buf_add_text(&identity, config->host_name);
	s->host = schedule_host(buf_span(&identity));
	buf_release(&identity);
	io_close(&fd);
}

int
courier_init(struct courier *c, const struct config *config, struct error *err)
{
	*c = (struct courier){.config = config};
	set_schedule(&c->schedule, config);
	c->posts = must_calloc(config->relay_count, sizeof c->posts[0]);
	for (size_t i = 0; i < config->relay_count; i++) {
		c->posts[i].relay = &config->relays[i];
		c->posts[i].probe = c->posts[i].slot = -1;
		c->posts[i].turn = -1;
		buf_init(&c->posts[i].password, SECRET_MAX);
	}
	return stream_global_init(err);
}

void
post_close(struct post *post)
{
	if (post->open)
		session_close(&post->session);
	post->open = post->used = false;
	post->carried = 0;
}

void
courier_rest(struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++) {
		struct post *post = &c->posts[i];

		post_close(post);
		io_close(&post->slot);
		io_close(&post->turn);
		outage_forget(post);
		post->asked = post->paused = post->elsewhere = false;
		post->failed = post->tried = false;
		post->until = 0;
		post->kept = 0;
	}
}

bool
courier_take_turns(struct courier *c, const char *relay)
{
	bool some = c->config->relay_count == 0;

	for (size_t i = 0; i < c->config->relay_count; i++) {
		struct post *post = &c->posts[i];
		const char *name = post->relay->name;

		if (relay != NULL && strcmp(relay, name) != 0)
			continue;
		post->elsewhere = slot_flush(c->store, name, process_caller(),
				      &post->turn) == SLOT_BUSY;
		some = some || !post->elsewhere;
	}
	return some;
}

void
courier_copy(struct courier *c)
{
	c->copy = true;
	for (size_t i = 0; i < c->config->relay_count; i++)
		io_close(&c->posts[i].turn);
}

bool
courier_is_stuck(const struct courier *c)
{
	return c->config->relay_count == 1 && c->posts[0].failed &&
	       c->posts[0].blamed == PAUSE_ALL;
}

void
courier_keep(struct courier *c, size_t count)
{
	c->posts[0].kept += count;
}

void
courier_release(struct courier *c)
{
	courier_rest(c);
	for (size_t i = 0; i < c->config->relay_count; i++) {
		buf_wipe(&c->posts[i].password);
		buf_release(&c->posts[i].password);
	}
	free(c->posts);
	c->posts = NULL;
}

struct post *
post_find(struct courier *c, const struct entry *e, struct error *err)
{
	const struct relay *relay = config_route(
	    c->config, e->envelope.sender, e->relay[0] ? e->relay : NULL, err);

	return relay ? &c->posts[relay - c->config->relays] : NULL;
}

/* Whoever unlocks a key store for it may take the time. */
static void
take_time(struct courier *c, int64_t asked)
{
	if (c->deadline_ms != 0)
		c->deadline_ms += clock_monotonic_ms() - asked;
}

static int
read_password(struct courier *c, struct post *post, struct error *err)
{
	int64_t asked = clock_monotonic_ms();

	buf_wipe(&post->password);
	if (secret_read(post->relay, &post->password, err) != 0)
		return -1;
	take_time(c, asked);
	return 0;
}

static int
read_token(struct courier *c, struct post *post, const char *refused,
    struct stream_options *options, struct error *err)
{
	const struct oauth_request request = {
	    .config = c->config,
	    .relay = post->relay,
	    .refused = refused,
	    .deadline_ms = c->deadline_ms,
	};
	int64_t asked = clock_monotonic_ms();

	buf_wipe(&post->password);
	if (oauth_token(&request, &post->password, &post->least, err) != 0)
		return -1;
	if (post->relay->oauth->grant == GRANT_COMMAND)
		take_time(c, asked);
	options->token = buf_text(&post->password);
	options->deadline_ms = c->deadline_ms;
	return 0;
}

bool
post_take_slot(const struct courier *c, struct post *post)
{
	if (c->passes && c->store != NULL && post->slot < 0)
		slot_pass(c->store, post->relay->name, process_caller(),
		    post->relay->connections, &post->slot);
	return post->slot >= 0;
}

static int
open_by_password(struct courier *c, struct post *post,
    struct stream_options *options, struct error *err)
{
	if (post->relay->user != NULL) {
		if (read_password(c, post, err) != 0)
			return -1;
		options->password = buf_text(&post->password);
	}
	options->deadline_ms = c->deadline_ms;
	return session_open(&post->session, options, err);
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
	rc = read_token(c, post, NULL, options, err);
	if (rc == 0)
		rc = session_open(&post->session, options, err);
	if (rc != 0 && again) {
		buf_add_span(&refused, buf_span(&post->password));
		rc = read_token(c, post, buf_text(&refused), options, err);
		if (rc == 0)
			rc = session_open(&post->session, options, err);
	}
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
