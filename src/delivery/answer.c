/* SPDX-License-Identifier: ISC */
/* What is done about a reply. */
#include "delivery/answer.h"

#include "base/buf.h"
#include "base/clock.h"

/* The relay is about to close: nothing is done of what comes behind, unless it
 * says so (answer_take()). */
static void
take_leave(struct session *s)
{
	if (!s->left)
		s->drain_end = clock_monotonic_ms() + s->timeout_ms;
	s->left = true;
}

/* The relay is at fault with f. It goes on to answer what it has, if it is in
 * step still. */
static void
fault(
    struct session *s, struct flight *f, const struct reply *r, const char *why)
{
	struct error err;

	reply_fault(r, why, &err);
	if (r->code == 421)
		take_leave(s);
	flight_fault(s, f, &err);
	if (reply_class(r) < 4)
		flight_lose_all(s);
}

/*
 * Of a transaction that has failed, or that nobody is left in: what is said
 * of it means nothing, as long as it can be an answer to that.
 */
static void
ignore(struct session *s, const struct asked *a, const struct reply *r)
{
	bool out_of_step = reply_class(r) == 3 && a->command != COMMAND_DATA;
	struct error err;

	if (r->code != 421 && !out_of_step)
		return;
	if (r->code == 421)
		take_leave(s);
	reply_fault(r, NULL, &err);
	flight_end_session(s, &err);
	if (out_of_step)
		flight_lose_all(s);
}

/* 503 is "bad sequence of commands": of ours, if others were before it. */
static void
note_sequence(struct flight *f, const struct reply *r)
{
	if (r->code == 503 && f->behind)
		f->t->nested = true;
}

/* A reply about all of the message; true: go on. */
static bool
judge(struct session *s, struct flight *f, enum phase phase,
    const struct reply *r)
{
	struct verdict v = verdict_of(phase, r);
	struct error err;

	f->t->pause = v.pause;
	if (v.scope == SCOPE_RELAY) {
		fault(s, f, r, v.why);
		return false;
	}
	note_sequence(f, r);
	if (transaction_judge(f->t, phase, r, &err) == 1)
		return true;
	f->failed = true;
	return false;
}

static void
on_rset(struct session *s, const struct asked *a, const struct reply *r)
{
	struct error err;

	if (reply_class(r) == 2)
		return;
	if (reply_class(r) < 4) {
		fault(s, a->flight, r, NULL);
		return;
	}
	/* It cannot be refused (RFC 5321 4.3.2), but Exim says 554 to one too
	 * many, and closes. Another may go on, and what it says then of the
	 * message is true: who has said yes to MAIL has ended what was open. */
	take_leave(s);
	reply_fault(r, NULL, &err);
	flight_end_session(s, &err);
}

static void
on_mail(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;

	if (f->failed)
		ignore(s, a, r);
	else if (!judge(s, f, PHASE_MAIL, r) && f == s->last)
		s->fresh = r->code != 503;
}

static void
refuse_recipient(struct flight *f, struct result *result,
    const struct verdict *v, const struct reply *r)
{
	result->outcome = v->outcome;
	result->text = must_strdup(r->text);
	result->crowded = v->crowded;
	note_sequence(f, r);
}

static void
on_rcpt(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;
	struct result *result = &f->t->results[a->rcpt];
	struct verdict v;

	f->answered++;
	if (f->failed) {
		ignore(s, a, r);
		return;
	}
	v = verdict_of(PHASE_RCPT, r);
	f->t->pause = v.pause;
	if (v.scope == SCOPE_RELAY) {
		fault(s, f, r, v.why);
	} else if (v.outcome == OUTCOME_ACCEPTED) {
		result->outcome = OUTCOME_ACCEPTED;
		f->accepted++;
	} else {
		refuse_recipient(f, result, &v, r);
		s->errors++;
	}
	/* The last one found no room: so many it takes. */
	if (result->crowded && f->answered == f->asked && f->accepted > 0)
		s->rcpt_max = f->accepted;
}

static void
on_data(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;

	f->settled = true;
	f->go = r->code == 354;
	if (!flight_is_wanted(f))
		ignore(s, a, r);
	else if (!judge(s, f, PHASE_DATA, r))
		f->go = false;
	if (!f->go)
		flight_done(s, f);
}

/* Is that said of BDAT itself? None has been taken before, and here is somebody
 * who would get this one. */
static bool
knows_no_chunks(const struct session *s, const struct reply *r)
{
	return s->mode == MODE_STREAM && !s->chunked &&
	       (r->code == 500 || r->code == 502 || r->code == 503);
}

/* By DATA it may go, in another session: what followed BDAT may have been taken
 * for commands. */
static void
avoid_chunks(struct session *s, struct flight *f, const struct reply *r)
{
	struct error err;

	error_set(&err, ERR_TEMPORARY,
	    "the relay announces CHUNKING and refuses it: %s", r->text);
	s->no_chunks = true;
	take_leave(s);
	f->failed = true;
	f->t->nested = true;
	transaction_settle(f->t, OUTCOME_DEFERRED, r->text);
	flight_end_session(s, &err);
}

static bool
is_muddled(const struct session *s)
{
	return s->no_chunks && s->mode == MODE_STREAM;
}

/* Behind that nobody can tell what is answered: no yes counts, and no no. */
static void
take_muddled(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;

	if (a->command != COMMAND_END)
		return;
	if (reply_class(r) == 2)
		flight_doubt(s, f, &s->fault);
	else
		flight_fault(s, f, &s->fault);
	flight_done(s, f);
}

static void
on_end(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;
	struct verdict v = verdict_of(PHASE_END, r);
	struct error err;

	if (!flight_is_wanted(f)) {
		ignore(s, a, r);
	} else if (knows_no_chunks(s, r)) {
		avoid_chunks(s, f, r);
	} else if (v.scope == SCOPE_RELAY && reply_class(r) < 4) {
		/* No server says a code below 400 that is no yes here. */
		reply_fault(r, v.why, &err);
		flight_doubt(s, f, &err);
		flight_done(s, f);
		flight_lose_all(s);
		return;
	} else if (!judge(s, f, PHASE_END, r)) {
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

static void (*const answers[])(
    struct session *, const struct asked *, const struct reply *) = {
    [COMMAND_RSET] = on_rset,
    [COMMAND_MAIL] = on_mail,
    [COMMAND_RCPT] = on_rcpt,
    [COMMAND_DATA] = on_data,
    [COMMAND_END] = on_end,
};

void
answer_take(struct session *s, const struct asked *a, const struct reply *r)
{
	if (is_muddled(s)) {
		take_muddled(s, a, r);
		return;
	}
	if (reply_class(r) == 2)
		s->left = false;
	answers[a->command](s, a, r);
}

/* In the middle of a body what is said against the message counts (many refuse
 * a large one so); a yes does not. */
static void
interrupted(struct session *s, struct flight *f, const struct reply *r,
    const struct error *early)
{
	struct error err = *early;

	if (knows_no_chunks(s, r)) {
		avoid_chunks(s, f, r);
		return;
	}
	if (reply_class(r) >= 4 &&
	    transaction_judge(f->t, PHASE_END, r, &err) == 0) {
		error_set(&err, ERR_TEMPORARY,
		    "the relay broke off in the message: %s", r->text);
		f->failed = true;
	}
	flight_fault(s, f, &err);
}

/*
 * One reply too many. If it was an earlier one that was not asked for, each
 * behind that was to what stood before; with all sent ahead nobody can tell.
 * Where 354 came before, the next was to the message, whatever is said later.
 */
static void
doubt_answered(struct session *s, const struct error *early)
{
	if (s->mode != MODE_STREAM || is_muddled(s))
		return;
	for (struct flight *f = s->first; f != NULL; f = f->next) {
		if (!f->done || f->rc != 0 || f->asked == 0)
			continue;
		transaction_recall(f->t);
		flight_doubt(s, f, early);
	}
}

void
answer_early(struct session *s, const struct asked *a, const struct reply *r)
{
	struct error err;

	error_set(&err, ERR_TEMPORARY,
	    "the relay spoke before it was asked: %s", r->text);
	if (a != NULL && a->command == COMMAND_END &&
	    flight_is_wanted(a->flight)) {
		interrupted(s, a->flight, r, &err);
	} else {
		if (r->code != 421)
			doubt_answered(s, &err);
		flight_end_session(s, &err);
	}
	flight_lose_all(s);
}
