/* SPDX-License-Identifier: ISC */
/* What is done about a reply that nothing has asked for. */
#include "delivery/answer.h"

#include "delivery/chunks.h"

/* 1: it is no answer to a message; 0: settled. As transaction_judge(). By LMTP
 * the others have no reply yet, and may get none. */
static int
judge_early(const struct session *s, const struct asked *a,
    const struct reply *r, struct error *err)
{
	struct transaction *t = a->flight->t;
	struct verdict v = verdict_of(PHASE_EACH, r);

	if (reply_class(r) < 4)
		return 1;
	if (!s->lmtp)
		return transaction_judge(t, PHASE_END, r, err);
	t->pause = v.pause;
	if (v.scope == SCOPE_RELAY)
		return reply_fault(r, v.why, err);
	transaction_end_one(t, a->rcpt, v.outcome, r->text);
	transaction_settle(t, OUTCOME_DEFERRED, r->text);
	return 0;
}

/* In the middle of a body what is said against the message counts (many refuse
 * a large one so); a yes does not. */
static void
interrupted(struct session *s, const struct asked *a, const struct reply *r,
    const struct error *early)
{
	struct flight *f = a->flight;
	struct error err = *early;

	if (chunks_are_unknown(s, r)) {
		chunks_avoid(s, f, r);
		return;
	}
	if (judge_early(s, a, r, &err) == 0) {
		error_set(&err, ERR_TEMPORARY,
		    "the relay broke off in the message: %s", r->text);
		f->failed = true;
	}
	flight_fault(s, f, &err);
}

/*
 * One reply too many. If it was an earlier one that was not asked for, each
 * behind that was to what stood before; with all sent ahead nobody can tell.
 * Where 354 came before, the next was to the message, whatever is said later;
 * but of several by LMTP none is known to be the one too many.
 */
static void
doubt_answered(struct session *s, const struct error *early)
{
	size_t least = s->lmtp ? 2 : 1;

	if ((s->mode != MODE_STREAM && !s->lmtp) || chunks_are_muddled(s))
		return;
	for (struct flight *f = s->first; f != NULL; f = f->next) {
		if (!f->done || f->rc != 0 || f->asked < least)
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
	/* Postfix says so right behind the error that was one too many. */
	s->parted = s->parted || r->code == 421;
	if (a != NULL && a->command == COMMAND_END &&
	    flight_is_wanted(a->flight)) {
		interrupted(s, a, r, &err);
	} else {
		if (r->code != 421)
			doubt_answered(s, &err);
		flight_end_session(s, &err);
	}
	flight_lose_all(s);
}
