/* SPDX-License-Identifier: ISC */
/* Sessions with relays, opened when the first message needs one. */
#include "deliver.h"

#include "base/io.h"
#include "base/limits.h"
#include "base/process.h"
#include "outage.h"
#include "password.h"
#include "queue/pause.h"
#include "queue/slot.h"

#include <fcntl.h>
#include <stdlib.h>

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
		password_init(&c->posts[i]);
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
		password_forget(c, post);
		password_forget_key(c, post);
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
	for (size_t i = 0; i < c->config->relay_count; i++)
		password_release(&c->posts[i]);
	aliases_release(&c->aliases);
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

bool
post_take_slot(const struct courier *c, struct post *post)
{
	if (c->passes && c->store != NULL && post->slot < 0)
		slot_pass(c->store, post->relay->name, process_caller(),
		    post->relay->connections, &post->slot);
	return post->slot >= 0;
}
