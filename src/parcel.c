/* SPDX-License-Identifier: ISC */
/* Messages on their way to relays. */
#include "parcel_end.h"

#include "allowance.h"
#include "downgrade.h"
#include "message/address.h"
#include "message/mends.h"
#include "outage.h"

#include <stdio.h>
#include <unistd.h>

void
parcel_init(struct parcel *p, const struct entry *e, off_t message_at)
{
	*p = (struct parcel){.entry = e, .message_at = message_at};
	transaction_init(&p->t, &e->envelope);
	rewrite_init(&p->rewrite);
	spool_init(&p->spool);
}

void
parcel_release(struct parcel *p)
{
	transaction_release(&p->t);
	rewrite_release(&p->rewrite);
	spool_release(&p->spool);
}

/* By a sender that the relay takes. */
static int
introduce(struct courier *c, struct parcel *p)
{
	const struct identity id = config_identity(c->config, p->post->relay);
	struct mends log;
	int rc;

	mends_init(&log);
	rc = rewrite(&p->rewrite, &id, &p->t, &log, &p->err);
	if (c->verbose)
		fputs(buf_text(&log.lines), stderr);
	mends_release(&log);
	return rc;
}

/* As the relay can take it, at its first byte. 1: it cannot take it. */
static int
prepare(struct courier *c, struct parcel *p)
{
	struct session *s = &p->post->session;

	parcel_restore(p);
	if (p->message_at >= 0 && lseek(p->fd, p->message_at, SEEK_SET) < 0)
		return error_errno(
		    &p->err, ERR_IO, "queue file %s", p->entry->id);
	if (introduce(c, p) == 0 &&
	    (!downgrade_is_needed(s, &p->t) ||
		downgrade(&p->t, &p->spool, &p->err) == 0))
		return 0;
	return p->err.kind == ERR_DATA ? 1 : -1;
}

/* What the session before has learned is kept. */
static int
open_session(struct courier *c, struct post *post, struct error *err)
{
	bool no_chunks = post->session.no_chunks;
	int rc = post_open(c, post, err);

	if (no_chunks)
		session_avoid_chunks(&post->session);
	return rc;
}

/* Once for each message, however often it is offered. */
static bool
is_within_rate(struct courier *c, struct parcel *p)
{
	int64_t more = 0;

	for (size_t i = 0; i < p->entry->envelope.rcpt_count; i++)
		more += transaction_wants(&p->t, i);
	p->counted = p->counted ||
		     allowance_take(c, p->post, p->entry->uid, more, &p->err);
	return p->counted;
}

/* Refused so often in a row that the relay may hang up: a new session is
 * better. */
static void
end_strained(struct courier *c, struct post *post)
{
	while (post->open && post->session.first != NULL &&
	       session_is_strained(&post->session))
		parcel_collect(c, post, true);
	if (post->open && session_is_strained(&post->session))
		post_close(post);
}

/* It has carried as many as it shall: what is under way ends, then it does. */
static void
end_full(struct courier *c, struct post *post)
{
	size_t most = post->relay->per_connection;

	if (!post->open || most == 0 || post->carried < most)
		return;
	while (post->open && post->session.first != NULL)
		parcel_collect(c, post, true);
	post_close(post);
}

static void
dispatch(struct courier *c, struct parcel *p)
{
	struct post *post = p->post;
	int rc;

	if (post->open && post->session.ending)
		parcel_collect(c, post, false);
	end_full(c, post);
	end_strained(c, post);
	if (!outage_allows(c, post, p->entry->uid, &p->err) ||
	    !is_within_rate(c, p)) {
		parcel_come_back(c, p, 1);
		return;
	}
	post->unreached = open_session(c, post, &p->err) != 0;
	if (post->unreached) {
		p->t.pause = post->least;
		parcel_fail(c, p, true);
		return;
	}
	rc = prepare(c, p);
	if (rc > 0) {
		parcel_accept(c, p);
		return;
	}
	if (rc < 0) {
		parcel_fail(c, p, true);
		return;
	}
	post->carried++;
	session_push(&post->session, &p->t);
	/* A relay that has been out of order is probed by one message. */
	parcel_collect(c, post, post->paused);
}

static void
dispatch_all(struct courier *c)
{
	struct parcel *p;

	while ((p = parcels_take(&c->todo)) != NULL)
		dispatch(c, p);
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

void
parcel_push(struct courier *c, struct parcel *p)
{
	p->fd = p->t.fd;
	p->size = p->t.size;
	p->t.domain = c->config->domain;
	p->post = post_find(c, p->entry, &p->err);
	if (p->post == NULL) {
		parcel_come_back(c, p, -1);
	} else if (check_addresses(&p->entry->envelope, &p->err) != 0) {
		p->t.corrupt = true;
		parcel_come_back(c, p, -1);
	} else {
		parcels_put(&c->todo, p);
		dispatch_all(c);
	}
}

/* A relay that has something under way; NULL: none. */
static struct post *
find_busy(const struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++)
		if (c->posts[i].open && c->posts[i].session.first != NULL)
			return &c->posts[i];
	return NULL;
}

struct parcel *
parcel_next(struct courier *c, bool wait)
{
	struct post *busy;

	while (wait && c->back.first == NULL && (busy = find_busy(c)) != NULL) {
		parcel_collect(c, busy, true);
		dispatch_all(c);
	}
	return parcels_take(&c->back);
}
