/* SPDX-License-Identifier: ISC */
/* How messages on their way come to an end, or begin again. */
#include "parcel_end.h"

#include "base/clock.h"
#include "base/log.h"
#include "outage.h"
#include "queue/pause.h"

#include <stddef.h>

void
parcels_put(struct parcels *list, struct parcel *p)
{
	p->next = NULL;
	if (list->last != NULL)
		list->last->next = p;
	else
		list->first = p;
	list->last = p;
}

struct parcel *
parcels_take(struct parcels *list)
{
	struct parcel *p = list->first;

	if (p == NULL)
		return NULL;
	list->first = p->next;
	if (list->first == NULL)
		list->last = NULL;
	return p;
}

void
parcel_restore(struct parcel *p)
{
	p->t.prefix = span("", 0);
	p->t.fd = p->fd;
	p->t.size = p->size;
	rewrite_forget(&p->rewrite);
	spool_release(&p->spool);
	spool_init(&p->spool);
}

void
parcel_come_back(struct courier *c, struct parcel *p, int rc)
{
	parcel_restore(p);
	p->rc = rc;
	if (p->post != NULL)
		p->peer = p->post->peer;
	parcels_put(&c->back, p);
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

static bool
nothing_learned(const struct transaction *t)
{
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].outcome != OUTCOME_NONE &&
		    (t->skip == NULL || !t->skip[i]))
			return false;
	return !t->corrupt;
}

/* One session more than it has room for is no fault of a relay: whoever this
 * process is a copy of tries for itself. */
static void
stand_back(struct courier *c, struct parcel *p)
{
	struct post *post = p->post;

	if (!post->failed)
		log_info("relay \"%s\": one session less: %s",
		    post->relay->name, p->err.text);
	post->failed = true;
	post->blamed = PAUSE_ALL;
	post->why = p->err;
	parcel_come_back(c, p, nothing_learned(&p->t) ? 1 : -1);
}

void
parcel_fail(struct courier *c, struct parcel *p, bool first)
{
	p->unreached = p->post->unreached;
	if (c->copy && is_relays_fault(p)) {
		stand_back(c, p);
		return;
	}
	if (first && is_relays_fault(p) && !is_hurried(c, p))
		outage_begin(c, p->post, p->entry->uid, p->t.pause, &p->err);
	parcel_come_back(c, p, -1);
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

void
parcel_accept(struct courier *c, struct parcel *p)
{
	p->post->used = true;
	outage_end(c, p->post);
	if (p->message_at < 0) {
		parcel_come_back(c, p, 0);
	} else if (is_refused_for_null(p)) {
		offer_as_relay(p);
		parcels_put(&c->todo, p);
	} else if (transaction_again(&p->t)) {
		parcels_put(&c->todo, p);
	} else {
		parcel_come_back(c, p, 0);
	}
}

/* Has the relay left, or the connection broken, behind something that it has
 * settled? Then what is left of it goes on in a new session, and nothing is
 * wrong with the relay. */
static bool
may_resume(const struct session *s, struct parcel *p)
{
	return s->parted && is_relays_fault(p) && p->message_at >= 0 &&
	       transaction_resume(&p->t);
}

void
parcel_collect(struct courier *c, struct post *post, bool wait)
{
	struct session *s = &post->session;
	struct parcels lost = {0};
	bool first = true;
	struct transaction *t;
	struct parcel *p;
	struct error err;
	int rc;

	while ((rc = session_next(s, wait, &t, &err)) != 0) {
		p = (struct parcel *)((char *)t - offsetof(struct parcel, t));
		wait = false;
		if (rc == 1) {
			parcel_accept(c, p);
			continue;
		}
		p->err = err;
		if (may_resume(s, p)) {
			log_info("%s: relay \"%s\": %s; what is left goes "
				 "on in a new session",
			    p->entry->id, post->relay->name, err.text);
			post->used = true;
			first = false;
			parcels_put(&c->todo, p);
			continue;
		}
		if (is_relays_fault(p) && p->message_at >= 0 &&
		    nothing_learned(&p->t)) {
			parcels_put(&lost, p);
			continue;
		}
		parcel_fail(c, p, first);
		first = first && !is_relays_fault(p);
	}
	first = first && !post->used;
	if (s->ending)
		post_close(post);
	while ((p = parcels_take(&lost)) != NULL) {
		if (first)
			parcel_fail(c, p, true);
		else
			parcels_put(&c->todo, p);
		first = false;
	}
}
