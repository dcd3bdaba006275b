/* SPDX-License-Identifier: ISC */
/* Transactions under way. */
#include "delivery/flight.h"

#include "base/buf.h"

#include <stdlib.h>

size_t
flight_risk(const struct transaction *t)
{
	size_t risk = 1;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		risk += transaction_wants(t, i);
	return risk;
}

struct flight *
flight_begin(struct session *s, struct transaction *t)
{
	struct flight *f = must_calloc(1, sizeof *f);

	f->t = t;
	f->behind = s->unanswered > 0;
	if (s->last != NULL)
		s->last->next = f;
	else
		s->first = f;
	s->last = f;
	s->unanswered++;
	s->unanswered_octets += t->size;
	f->risk = flight_risk(t);
	s->risk += f->risk;
	return f;
}

void
flight_done(struct session *s, struct flight *f)
{
	if (f->done)
		return;
	f->done = true;
	s->unanswered--;
	s->unanswered_octets -= f->t->size;
	s->risk -= f->risk;
	if (f->taken) {
		s->good = s->errors == 0 ? s->good + 1 : 0;
		s->errors = 0;
	} else if (f->asked > 0) {
		s->errors++;
		s->failures++;
	}
}

bool
flight_is_wanted(const struct flight *f)
{
	return !f->failed && f->accepted > 0;
}

/* What ends the session is what was wrong first. */
void
flight_end_session(struct session *s, const struct error *err)
{
	if (!s->ending)
		s->fault = *err;
	s->ending = true;
}

void
flight_fault(struct session *s, struct flight *f, const struct error *err)
{
	transaction_abandon(f->t);
	f->failed = true;
	f->rc = -1;
	f->err = *err;
	flight_end_session(s, err);
}

void
flight_doubt(struct session *s, struct flight *f, const struct error *err)
{
	f->failed = true;
	f->rc = -1;
	f->err = *err;
	error_prefix(&f->err, "the message was sent and may have arrived");
	transaction_settle(f->t, OUTCOME_IN_DOUBT, f->err.text);
	flight_end_session(s, err);
}

static bool
is_sent(const struct session *s, const struct flight *f)
{
	return f->end != 0 && f->end <= s->sent;
}

/* May the relay have it, by all that it has said so far? */
static bool
may_have_arrived(const struct session *s, const struct flight *f)
{
	return is_sent(s, f) && !f->failed &&
	       (f->accepted > 0 || f->answered < f->asked);
}

void
flight_lose_all(struct session *s)
{
	for (struct flight *f = s->first; f != NULL; f = f->next) {
		if (f->done)
			continue;
		/* Who takes their leave does nothing of what comes behind. */
		if (may_have_arrived(s, f) && !s->left) {
			flight_doubt(s, f, &s->fault);
		} else if (transaction_abandon(f->t) && f->rc == 0) {
			f->rc = -1;
			f->err = s->fault;
		}
		flight_done(s, f);
	}
	s->lost = s->ending = true;
	s->open = NULL;
	s->asked_count = 0;
	buf_clear(&s->out);
}

bool
flight_is_awaited(const struct session *s)
{
	for (const struct flight *f = s->first; f != NULL; f = f->next)
		if (!f->done && may_have_arrived(s, f))
			return true;
	return false;
}

int
flight_take(struct session *s, struct transaction **t, struct error *err)
{
	struct flight *f = s->first;
	int rc = f->rc;

	*t = f->t;
	if (rc != 0)
		*err = f->err;
	s->first = f->next;
	if (s->first == NULL)
		s->last = NULL;
	free(f);
	return rc == 0 ? 1 : -1;
}
