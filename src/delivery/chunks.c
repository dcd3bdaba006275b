/* SPDX-License-Identifier: ISC */
/* A relay that announces CHUNKING and knows no BDAT. */
#include "delivery/chunks.h"

#include "delivery/judge.h"

bool
chunks_are_unknown(const struct session *s, const struct reply *r)
{
	return s->mode == MODE_STREAM && !s->chunked &&
	       (r->code == 500 || r->code == 502 || r->code == 503);
}

void
chunks_avoid(struct session *s, struct flight *f, const struct reply *r)
{
	struct error err;

	error_set(&err, ERR_TEMPORARY,
	    "the relay announces CHUNKING and refuses it: %s", r->text);
	s->no_chunks = true;
	judge_leave(s);
	f->failed = true;
	f->t->nested = true;
	transaction_settle(f->t, OUTCOME_DEFERRED, r->text);
	flight_end_session(s, &err);
}

bool
chunks_are_muddled(const struct session *s)
{
	return s->no_chunks && s->mode == MODE_STREAM;
}

void
chunks_take_muddled(
    struct session *s, const struct asked *a, const struct reply *r)
{
	struct flight *f = a->flight;

	/* By LMTP nothing else is under way: they are all of the message that
	 * is offered again. */
	if (a->command != COMMAND_END || s->lmtp)
		return;
	if (reply_class(r) == 2)
		flight_doubt(s, f, &s->fault);
	else
		flight_fault(s, f, &s->fault);
	flight_done(s, f);
}
