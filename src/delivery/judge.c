/* SPDX-License-Identifier: ISC */
/* What is held against a message or the relay. */
#include "delivery/judge.h"

#include "base/clock.h"

void
judge_leave(struct session *s)
{
	if (!s->left)
		s->drain_end = clock_monotonic_ms() + s->timeout_ms;
	s->left = s->parted = true;
}

void
judge_fault(
    struct session *s, struct flight *f, const struct reply *r, const char *why)
{
	struct error err;

	reply_fault(r, why, &err);
	if (r->code == 421)
		judge_leave(s);
	flight_fault(s, f, &err);
	if (reply_class(r) < 4)
		flight_lose_all(s);
}

void
judge_ignore(struct session *s, const struct asked *a, const struct reply *r)
{
	bool out_of_step = reply_class(r) == 3 && a->command != COMMAND_DATA;
	struct error err;

	if (r->code != 421 && !out_of_step)
		return;
	if (r->code == 421)
		judge_leave(s);
	reply_fault(r, NULL, &err);
	flight_end_session(s, &err);
	if (out_of_step)
		flight_lose_all(s);
}

void
judge_sequence(struct flight *f, const struct reply *r)
{
	if (r->code == 503 && f->behind)
		f->t->nested = true;
}

bool
judge_whole(struct session *s, struct flight *f, enum phase phase,
    const struct reply *r)
{
	struct verdict v = verdict_of(phase, r);
	struct error err;

	f->t->pause = v.pause;
	if (v.scope == SCOPE_RELAY) {
		judge_fault(s, f, r, v.why);
		return false;
	}
	judge_sequence(f, r);
	if (transaction_judge(f->t, phase, r, &err) == 1)
		return true;
	f->failed = true;
	return false;
}
