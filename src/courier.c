/* SPDX-License-Identifier: ISC */
/* Sessions with relays, opened when the first message needs one. */
#include "deliver.h"

#include "downgrade.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
courier_init(struct courier *c, const struct config *config, struct error *err)
{
	*c = (struct courier){.config = config};
	c->posts = must_calloc(config->relay_count, sizeof c->posts[0]);
	for (size_t i = 0; i < config->relay_count; i++) {
		c->posts[i].relay = &config->relays[i];
		buf_init(&c->posts[i].password, SECRET_MAX);
	}
	return stream_global_init(err);
}

static void
close_post(struct post *post)
{
	if (post->open)
		session_close(&post->session);
	post->open = post->used = false;
}

void
courier_release(struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++) {
		close_post(&c->posts[i]);
		buf_wipe(&c->posts[i].password);
		buf_release(&c->posts[i].password);
	}
	free(c->posts);
	c->posts = NULL;
}

static struct post *
find_post(struct courier *c, const struct entry *e, struct error *err)
{
	const struct relay *relay = config_route(
	    c->config, e->envelope.sender, e->relay[0] ? e->relay : NULL, err);

	return relay ? &c->posts[relay - c->config->relays] : NULL;
}

static int
open_post(struct courier *c, struct post *post, struct error *err)
{
	struct stream_options options = {
	    .relay = post->relay,
	    .host_name = c->config->host_name,
	    .transcript = c->verbose,
	};
	int rc;

	if (post->open)
		return 0;
	if (post->relay->user != NULL) {
		buf_wipe(&post->password);
		if (secret_read(post->relay, &post->password, err) != 0)
			return -1;
		options.password = buf_text(&post->password);
	}
	rc = session_open(&post->session, &options, err);
	buf_wipe(&post->password);
	post->open = rc == 0;
	return rc;
}

static bool
nothing_learned(const struct transaction *t)
{
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].outcome != OUTCOME_NONE)
			return false;
	return !t->corrupt;
}

/* Sends the message as the relay can take it. */
static int
offer(struct post *post, struct transaction *t, struct error *err)
{
	struct spool spool;
	int rc = 0;

	if (!downgrade_is_needed(&post->session, t))
		return session_send(&post->session, t, err);
	spool_init(&spool);
	if (downgrade(t, &spool, err) == 0)
		rc = session_send(&post->session, t, err);
	else if (err->kind != ERR_DATA)
		rc = -1;
	spool_release(&spool);
	return rc;
}

static int
try_once(struct courier *c, struct post *post, struct transaction *t,
    struct error *err)
{
	int fd = t->fd;
	int64_t size = t->size;
	int rc = open_post(c, post, err);

	if (rc == 0) {
		rc = offer(post, t, err);
		if (rc != 0)
			close_post(post);
	}
	t->fd = fd;
	t->size = size;
	return rc;
}

int
courier_send(struct courier *c, const struct entry *e, struct transaction *t,
    off_t message_at, struct post **which, struct error *err)
{
	struct post *post = find_post(c, e, err);
	bool again;
	int rc;

	*which = post;
	if (post == NULL)
		return -1;
	if (post->failed) {
		*err = post->why;
		return 1;
	}
	t->domain = c->config->domain;
	/* A server may close a session between two messages: no fault yet. */
	again = post->used && message_at >= 0;
	if (message_at >= 0 && lseek(t->fd, message_at, SEEK_SET) < 0)
		return error_errno(err, ERR_IO, "queue file %s", e->id);
	rc = try_once(c, post, t, err);
	if (rc != 0 && again && nothing_learned(t) && err->kind != ERR_IO &&
	    lseek(t->fd, message_at, SEEK_SET) >= 0)
		rc = try_once(c, post, t, err);
	if (rc == 0) {
		post->used = true;
	} else if (!t->corrupt && err->kind != ERR_IO &&
		   err->kind != ERR_INTERNAL) {
		post->failed = true;
		post->why = *err;
	}
	return rc;
}

void
courier_report(const struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++) {
		const struct post *post = &c->posts[i];
		char count[32];

		if (post->kept == 0)
			continue;
		text_count(count, sizeof count, post->kept, "message");
		fprintf(stderr, "pillarbox: relay \"%s\": %s; %s %s queued\n",
		    post->relay->name, post->why.text, count,
		    post->kept == 1 ? "stays" : "stay");
	}
}
