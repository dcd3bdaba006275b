/* SPDX-License-Identifier: ISC */
/* Messages on their way to relays. */
#include "parcel.h"

#include "base/clock.h"
#include "base/log.h"
#include "downgrade.h"
#include "message/address.h"
#include "outage.h"

#include <stddef.h>
#include <unistd.h>

void
parcel_init(struct parcel *p, const struct entry *e, off_t message_at)
{
	*p = (struct parcel){.entry = e, .message_at = message_at};
	transaction_init(&p->t, &e->envelope);
	spool_init(&p->spool);
}

void
parcel_release(struct parcel *p)
{
	transaction_release(&p->t);
	spool_release(&p->spool);
}

static void
put(struct parcels *list, struct parcel *p)
{
	p->next = NULL;
	if (list->last != NULL)
		list->last->next = p;
	else
		list->first = p;
	list->last = p;
}

static struct parcel *
take(struct parcels *list)
{
	struct parcel *p = list->first;

	if (p == NULL)
		return NULL;
	list->first = p->next;
	if (list->first == NULL)
		list->last = NULL;
	return p;
}

/* As it was before it was made fit for a relay. */
static void
restore(struct parcel *p)
{
	p->t.fd = p->fd;
	p->t.size = p->size;
	spool_release(&p->spool);
	spool_init(&p->spool);
}

static void
come_back(struct courier *c, struct parcel *p, int rc)
{
	restore(p);
	p->rc = rc;
	if (p->post != NULL)
		p->peer = p->post->peer;
	put(&c->back, p);
}

static bool
is_relays_fault(const struct parcel *p)
{
	return !p->t.corrupt && p->err.kind != ERR_IO &&
	       p->err.kind != ERR_INTERNAL;
}

/* The caller is in a hurry; a large message on a slow line is nobody's fault.
 */
static bool
is_hurried(const struct courier *c, const struct parcel *p)
{
	return c->deadline_ms != 0 && !p->unreached &&
	       clock_monotonic_ms() + STREAM_SLACK_MS >= c->deadline_ms;
}

/* It failed for good; the first of those that one session loses says so. */
static void
fail(struct courier *c, struct parcel *p, bool first)
{
	p->unreached = p->post->unreached;
	if (first && is_relays_fault(p) && !is_hurried(c, p))
		outage_begin(c, p->post, p->entry->uid, p->t.pause, &p->err);
	come_back(c, p, -1);
}

static bool
nothing_learned(const struct transaction *t)
{
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].outcome != OUTCOME_NONE)
			return false;
	return !t->corrupt;
}

/* Some relays take no null sender, and so no report, from anybody. */
static bool
is_refused_for_null(const struct parcel *p)
{
	return p->t.mail_refused && p->t.sender == NULL &&
	       p->entry->envelope.sender[0] == '\0' &&
	       p->post->relay->from != NULL;
}

static void
offer_as_relay(struct parcel *p)
{
	const struct relay *relay = p->post->relay;

	log_warning("%s: relay \"%s\" refused the null sender (%s); offered "
		    "again as from <%s>",
	    p->entry->id, relay->name, p->t.text, relay->from);
	transaction_again_as(&p->t, relay->from);
}

/* The relay has answered. */
static void
accept(struct courier *c, struct parcel *p)
{
	p->post->used = true;
	outage_end(c, p->post);
	if (p->message_at < 0) {
		come_back(c, p, 0);
	} else if (is_refused_for_null(p)) {
		offer_as_relay(p);
		put(&c->todo, p);
	} else if (transaction_again(&p->t)) {
		put(&c->todo, p);
	} else {
		come_back(c, p, 0);
	}
}

/* What the session lost and may be offered again is in lost. */
static void
collect(struct courier *c, struct post *post, bool wait)
{
	struct session *s = &post->session;
	struct parcels lost = {0};
	bool first = true, used;
	struct transaction *t;
	struct parcel *p;
	struct error err;
	int rc;

	while ((rc = session_next(s, wait, &t, &err)) != 0) {
		p = (struct parcel *)((char *)t - offsetof(struct parcel, t));
		wait = false;
		if (rc == 1) {
			accept(c, p);
			continue;
		}
		p->err = err;
		if (is_relays_fault(p) && p->message_at >= 0 &&
		    nothing_learned(&p->t)) {
			put(&lost, p);
			continue;
		}
		fail(c, p, first);
		first = first && !is_relays_fault(p);
	}
	used = post->used;
	if (s->ending)
		post_close(post);
	while ((p = take(&lost)) != NULL) {
		if (!used && first)
			fail(c, p, true);
		else
			put(&c->todo, p);
		first = false;
	}
}

/* As the relay can take it, at its first byte. 1: it cannot take it. */
static int
prepare(struct parcel *p)
{
	struct session *s = &p->post->session;

	restore(p);
	if (p->message_at >= 0 && lseek(p->fd, p->message_at, SEEK_SET) < 0)
		return error_errno(
		    &p->err, ERR_IO, "queue file %s", p->entry->id);
	if (!downgrade_is_needed(s, &p->t))
		return 0;
	if (downgrade(&p->t, &p->spool, &p->err) == 0)
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
		     outage_counts(c, p->post, p->entry->uid, more, &p->err);
	return p->counted;
}

/* Refused so often in a row that the relay may hang up: a new session is
 * better. */
static void
end_strained(struct courier *c, struct post *post)
{
	while (post->open && post->session.first != NULL &&
	       session_is_strained(&post->session))
		collect(c, post, true);
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
		collect(c, post, true);
	post_close(post);
}

static void
dispatch(struct courier *c, struct parcel *p)
{
	struct post *post = p->post;
	int rc;

	if (post->open && post->session.ending)
		collect(c, post, false);
	end_full(c, post);
	end_strained(c, post);
	if (!outage_allows(c, post, p->entry->uid, &p->err) ||
	    !is_within_rate(c, p)) {
		come_back(c, p, 1);
		return;
	}
	post->unreached = open_session(c, post, &p->err) != 0;
	if (post->unreached) {
		fail(c, p, true);
		return;
	}
	rc = prepare(p);
	if (rc > 0) {
		accept(c, p);
		return;
	}
	if (rc < 0) {
		fail(c, p, true);
		return;
	}
	post->carried++;
	session_push(&post->session, &p->t);
	/* A relay that has been out of order is probed by one message. */
	collect(c, post, post->paused);
}

static void
dispatch_all(struct courier *c)
{
	struct parcel *p;

	while ((p = take(&c->todo)) != NULL)
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
		come_back(c, p, -1);
	} else if (check_addresses(&p->entry->envelope, &p->err) != 0) {
		p->t.corrupt = true;
		come_back(c, p, -1);
	} else {
		put(&c->todo, p);
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
		collect(c, busy, true);
		dispatch_all(c);
	}
	return take(&c->back);
}
