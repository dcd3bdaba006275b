/* SPDX-License-Identifier: ISC */
/* Sessions with relays, opened when the first message needs one. */
#include "deliver.h"

#include "downgrade.h"

#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "config/secret.h"
#include "message/address.h"
#include "outage.h"
#include "queue/pause.h"

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
		c->posts[i].probe = -1;
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
courier_rest(struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++) {
		struct post *post = &c->posts[i];

		close_post(post);
		outage_forget(post);
		post->asked = post->paused = false;
		post->failed = post->tried = false;
		post->until = 0;
		post->kept = 0;
	}
}

bool
courier_skip(struct courier *c, size_t count)
{
	if (c->config->relay_count != 1 || !c->posts[0].failed ||
	    c->posts[0].blamed != PAUSE_ALL)
		return false;
	c->posts[0].kept += count;
	return true;
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
	peer_of_relay(post->relay, &post->peer);
	if (post->relay->user != NULL) {
		buf_wipe(&post->password);
		if (secret_read(post->relay, &post->password, err) != 0)
			return -1;
		options.password = buf_text(&post->password);
	}
	rc = session_open(&post->session, &options, err);
	buf_wipe(&post->password);
	post->open = rc == 0;
	if (rc == 0)
		peer_of_stream(post->session.stream, &post->peer);
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

	post->unreached = rc != 0;
	if (rc == 0) {
		rc = offer(post, t, err);
		if (rc != 0)
			close_post(post);
	}
	t->fd = fd;
	t->size = size;
	return rc;
}

/* Some relays take no null sender, and so no report, from anybody. */
static bool
is_refused_for_null(const struct post *post, const struct transaction *t)
{
	return t->mail_refused && t->sender == NULL &&
	       t->envelope->sender[0] == '\0' && post->relay->from != NULL;
}

static int
send_as_relay(struct courier *c, struct post *post, const struct entry *e,
    struct transaction *t, off_t message_at, struct error *err)
{
	log_warning("%s: relay \"%s\" refused the null sender (%s); offered "
		    "again as from <%s>",
	    e->id, post->relay->name, t->text, post->relay->from);
	transaction_again_as(t, post->relay->from);
	if (lseek(t->fd, message_at, SEEK_SET) < 0)
		return error_errno(err, ERR_IO, "queue file %s", e->id);
	return try_once(c, post, t, err);
}

/* The store does not know UTF-8: address_check_form() was all it asked. */
static int
check_addresses(const struct envelope *e, struct error *err)
{
	if (e->sender[0] != '\0' && address_check(span_of(e->sender), err) != 0)
		return error_prefix(err, "sender");
	for (size_t i = 0; i < e->rcpt_count; i++)
		if (address_check(span_of(e->rcpt[i].address), err) != 0)
			return error_prefix(err, "recipient %zu", i + 1);
	return 0;
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
	if (check_addresses(&e->envelope, err) != 0) {
		t->corrupt = true;
		return -1;
	}
	if (!outage_allows(c, post, e->uid, err))
		return 1;
	t->domain = c->config->domain;
	/* A server may close a session between two messages: no fault yet. */
	again = post->used && message_at >= 0;
	if (message_at >= 0 && lseek(t->fd, message_at, SEEK_SET) < 0)
		return error_errno(err, ERR_IO, "queue file %s", e->id);
	rc = try_once(c, post, t, err);
	if (rc != 0 && again && nothing_learned(t) && err->kind != ERR_IO &&
	    lseek(t->fd, message_at, SEEK_SET) >= 0)
		rc = try_once(c, post, t, err);
	if (rc == 0 && message_at >= 0 && is_refused_for_null(post, t))
		rc = send_as_relay(c, post, e, t, message_at, err);
	if (rc == 0) {
		post->used = true;
		outage_end(c, post);
	} else if (!t->corrupt && err->kind != ERR_IO &&
		   err->kind != ERR_INTERNAL) {
		outage_begin(c, post, e->uid, t->pause, err);
	}
	return rc;
}
