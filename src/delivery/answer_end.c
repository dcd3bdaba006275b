/* SPDX-License-Identifier: ISC */
/* What is done about a reply to the end of a message. */
#include "delivery/answer.h"

#include "delivery/chunks.h"
#include "delivery/judge.h"

/* No server says 3yz to the end. */
static void
doubt_end(struct session *s, struct flight *f, const struct reply *r)
{
	struct error err;

	reply_fault(r, NULL, &err);
	flight_doubt(s, f, &err);
	flight_done(s, f);
	flight_lose_all(s);
}

static void
on_end_of_all(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;

	if (!flight_is_wanted(f)) {
		judge_ignore(s, a, r);
	} else if (chunks_are_unknown(s, r)) {
		chunks_avoid(s, f, r);
	} else if (reply_class(r) == 3) {
		doubt_end(s, f, r);
		return;
	} else if (!judge_whole(s, f, PHASE_END, r)) {
		/* A BDAT that failed need not have ended it (RFC 3030 2). */
	} else {
		transaction_deliver(f->t, r->text);
		f->taken = true;
		f->t->nested = false;
		s->chunked = true;
		s->fresh = s->fresh || f == s->last;
	}
	flight_done(s, f);
}

/* To one recipient, at the end. Whatever it is, the others have replies of
 * their own. */
static void
settle_one(struct session *s, const struct asked *a, const struct verdict *v,
    const struct reply *r)
{
	struct flight *f = a->flight;
	struct error err;

	transaction_end_one(f->t, a->rcpt, v->outcome, r->text);
	if (v->outcome == OUTCOME_ACCEPTED) {
		f->taken = true;
		s->chunked = s->fresh = true;
		return;
	}
	if (v->scope != SCOPE_RELAY)
		return;
	f->t->pause = v->pause;
	if (r->code == 421)
		judge_leave(s);
	f->rc = reply_fault(r, v->why, &err);
	f->err = err;
	flight_end_session(s, &err);
}

/* By LMTP (RFC 2033 4.2). */
static void
on_end_of_one(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;
	struct verdict v = verdict_of(PHASE_EACH, r);

	f->ended++;
	if (f->failed)
		judge_ignore(s, a, r);
	else if (f->ended == 1 && chunks_are_unknown(s, r))
		chunks_avoid(s, f, r);
	else if (reply_class(r) == 3)
		doubt_end(s, f, r);
	else
		settle_one(s, a, &v, r);
	if (f->ended == f->accepted)
		flight_done(s, f);
}

void
answer_end(struct session *s, const struct asked *a, const struct reply *r)
{
	if (s->lmtp)
		on_end_of_one(s, a, r);
	else
		on_end_of_all(s, a, r);
}
