/* SPDX-License-Identifier: ISC */
/* How far one can go on without waiting. */
#include "delivery/push.h"

#include "base/limits.h"
#include "delivery/body.h"
#include "delivery/command.h"
#include "delivery/asked.h"
#include "delivery/talk.h"

#include <stdio.h>

/* What the relay cannot take is known before it is asked. */
static bool
is_hopeless(const struct session *s, struct transaction *t)
{
	char text[REPLY_TEXT_MAX];

	if (s->caps.size_max > 0 && t->size > s->caps.size_max)
		snprintf(text, sizeof text,
		    "552 5.3.4 the message has %lld bytes, the relay takes "
		    "%lld",
		    (long long)t->size, (long long)s->caps.size_max);
	else if (t->envelope->utf8 && !s->caps.smtputf8)
		snprintf(text, sizeof text,
		    "553 5.6.7 an address is not ASCII, and the relay has no "
		    "SMTPUTF8");
	else if (t->envelope->require_tls && !s->caps.require_tls)
		snprintf(text, sizeof text,
		    "554 5.7.30 REQUIRETLS was asked for, and the relay does "
		    "not offer it");
	else
		return false;
	transaction_settle(t, OUTCOME_REFUSED, text);
	return true;
}

/* In lockstep: waits for the answer. False: there is no going on. */
static bool
may_go_on(struct session *s, struct flight *f)
{
	if (s->mode == MODE_LOCKSTEP)
		talk_hear(s, 0);
	else if (s->out.len >= GATHER_MAX)
		talk_flush(s);
	return !s->ending && (s->mode != MODE_LOCKSTEP || !f->failed);
}

/* They are not named, this time. */
static void
leave_over(struct result *result, const char *text)
{
	result->outcome = OUTCOME_DEFERRED;
	result->crowded = true;
	result->text = must_strdup(text);
}

/*
 * Waits until the relay bears one more, were it and all that are not answered
 * refused, and then the end. False: it does not, before a message is taken.
 * Where that costs no time, it is always so.
 */
static bool
await_patience(struct session *s, const struct flight *f)
{
	if (f->asked == 0 || (!f->t->wary && s->mode != MODE_LOCKSTEP))
		return true;
	while (!s->ending && f->asked > f->answered &&
	       s->errors + f->asked - f->answered + 2 > ERRORS_MAX)
		talk_hear(s, s->asked_count - 1);
	return s->errors + f->asked - f->answered + 2 <= ERRORS_MAX;
}

/* Why recipient i is not named: over the limit that it has shown, or refused
 * so many that it may hang up. NULL: it is named. */
static const char *
reason_to_wait(struct session *s, const struct flight *f, char *text)
{
	if (s->rcpt_max == 0 || f->asked < s->rcpt_max)
		return await_patience(s, f)
			   ? NULL
			   : "450 4.5.3 too many others were refused before";
	snprintf(text, REPLY_TEXT_MAX,
	    "452 4.5.3 the relay takes %zu recipients at a time", s->rcpt_max);
	return text;
}

/*
 * The transaction before may be open still, and what is said to it then would
 * be about that: a recipient of this one, for instance, accepted for the
 * sender of that one. So RSET, unless it is known to have ended.
 */
static bool
say_envelope(struct session *s, struct flight *f)
{
	struct transaction *t = f->t;
	char text[REPLY_TEXT_MAX];
	const char *why = NULL;

	if (!s->fresh) {
		command_rset(s, f);
		if (!may_go_on(s, f))
			return false;
	}
	s->fresh = false;
	command_mail(s, f);
	if (!may_go_on(s, f))
		return false;
	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		if (!transaction_wants(t, i))
			continue;
		if (why == NULL)
			why = reason_to_wait(s, f, text);
		if (s->ending)
			return false;
		if (why != NULL) {
			leave_over(&t->results[i], why);
			continue;
		}
		command_rcpt(s, f, i);
		if (!may_go_on(s, f))
			return false;
	}
	return true;
}

/* Its body, or the end alone where there is nobody to get it. */
static void
send_data(struct session *s, struct flight *f)
{
	bool wanted = flight_is_wanted(f);

	s->open = NULL;
	if (wanted) {
		if (body_data(s, f) != 0)
			return;
	} else {
		asked_add(s, COMMAND_END, f, 0, UINT64_MAX);
		command_dot(s, f);
	}
	/* Whatever is said to a dot, it ends the transaction. */
	s->fresh = wanted;
}

/* The body of the message before, behind its 354. */
void
push_finish_open(struct session *s)
{
	struct flight *f = s->open;

	if (talk_hear(s, 0) != 0)
		return;
	s->open = NULL;
	if (f->go)
		send_data(s, f);
}

static void
push_lockstep(struct session *s, struct flight *f)
{
	bool ready = say_envelope(s, f) && flight_is_wanted(f);

	if (ready) {
		command_data(s, f);
		ready = may_go_on(s, f) && f->go;
	}
	if (ready) {
		send_data(s, f);
		talk_hear(s, 0);
	}
	if (!s->ending)
		flight_done(s, f);
}

static void
push_ahead(struct session *s, struct flight *f)
{
	if (!say_envelope(s, f))
		return;
	command_data(s, f);
	s->open = f;
	talk_flush(s);
}

static void
push_small(struct session *s, struct flight *f)
{
	struct error err;

	buf_clear(&s->body);
	if (body_load(f->t, &s->body, &err) != 0) {
		f->rc = -1;
		f->err = err;
		flight_done(s, f);
		return;
	}
	if (!say_envelope(s, f))
		return;
	command_bdat(s, f);
	buf_add_span(&s->out, buf_span(&s->body));
	may_go_on(s, f);
}

static void
push_large(struct session *s, struct flight *f)
{
	if (!say_envelope(s, f) || talk_hear(s, 0) != 0)
		return;
	if (!flight_is_wanted(f)) {
		flight_done(s, f);
		return;
	}
	command_bdat(s, f);
	body_chunk(s, f);
}

static void
push_lmtp(struct session *s, struct flight *f)
{
	bool ready =
	    say_envelope(s, f) && talk_hear(s, 0) == 0 && flight_is_wanted(f);

	if (ready && s->mode == MODE_STREAM) {
		command_bdat(s, f);
		body_chunk(s, f);
	} else if (ready) {
		command_data(s, f);
		if (talk_hear(s, 0) == 0 && f->go)
			send_data(s, f);
	}
	talk_hear(s, 0);
	if (!s->ending)
		flight_done(s, f);
}

void
push(struct session *s, struct flight *f)
{
	if (is_hopeless(s, f->t))
		flight_done(s, f);
	else if (s->lmtp)
		push_lmtp(s, f);
	else if (s->mode == MODE_LOCKSTEP)
		push_lockstep(s, f);
	else if (s->mode == MODE_AHEAD)
		push_ahead(s, f);
	else if (f->t->size <= SPECULATIVE_MAX && f->risk <= ERRORS_MAX)
		push_small(s, f);
	else
		push_large(s, f);
}
