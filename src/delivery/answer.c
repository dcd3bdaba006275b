/* SPDX-License-Identifier: ISC */
/* What is done about a reply. */
#include "delivery/answer.h"

#include "base/buf.h"
#include "delivery/chunks.h"
#include "delivery/judge.h"

static void
on_rset(struct session *s, const struct asked *a, const struct reply *r)
{
	struct error err;

	if (reply_class(r) == 2)
		return;
	if (reply_class(r) < 4) {
		judge_fault(s, a->flight, r, NULL);
		return;
	}
	/* It cannot be refused (RFC 5321 4.3.2), but Exim says 554 to one too
	 * many, and closes. Another may go on, and what it says then of the
	 * message is true: who has said yes to MAIL has ended what was open. */
	judge_leave(s);
	reply_fault(r, NULL, &err);
	flight_end_session(s, &err);
}

static void
on_mail(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;

	if (f->failed)
		judge_ignore(s, a, r);
	else if (!judge_whole(s, f, PHASE_MAIL, r) && f == s->last)
		s->fresh = r->code != 503;
}

static void
refuse_recipient(struct flight *f, struct result *result,
    const struct verdict *v, const struct reply *r)
{
	result->outcome = v->outcome;
	result->text = must_strdup(r->text);
	result->crowded = v->crowded;
	judge_sequence(f, r);
}

static void
on_rcpt(struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;
	struct result *result = &f->t->results[a->rcpt];
	struct verdict v;

	f->answered++;
	if (f->failed) {
		judge_ignore(s, a, r);
		return;
	}
	v = verdict_of(PHASE_RCPT, r);
	f->t->pause = v.pause;
	if (v.scope == SCOPE_RELAY) {
		judge_fault(s, f, r, v.why);
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
		judge_ignore(s, a, r);
	else if (!judge_whole(s, f, PHASE_DATA, r))
		f->go = false;
	if (!f->go)
		flight_done(s, f);
}

static void (*const answers[])(
    struct session *, const struct asked *, const struct reply *) = {
    [COMMAND_RSET] = on_rset,
    [COMMAND_MAIL] = on_mail,
    [COMMAND_RCPT] = on_rcpt,
    [COMMAND_DATA] = on_data,
    [COMMAND_END] = answer_end,
};

void
answer_take(struct session *s, const struct asked *a, const struct reply *r)
{
	if (chunks_are_muddled(s)) {
		chunks_take_muddled(s, a, r);
		return;
	}
	if (reply_class(r) == 2)
		s->left = false;
	answers[a->command](s, a, r);
}
