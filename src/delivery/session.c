/* SPDX-License-Identifier: ISC */
/* The dialogue: how far one can go on without waiting. */
#include "delivery/session.h"

#include "base/limits.h"
#include "delivery/body.h"
#include "delivery/command.h"
#include "delivery/flight.h"
#include "delivery/talk.h"

#include <stdio.h>
#include <stdlib.h>

static enum mode
mode_of(const struct capabilities *caps)
{
	if (!caps->pipelining)
		return MODE_LOCKSTEP;
	return caps->chunking ? MODE_STREAM : MODE_AHEAD;
}

int
session_open(
    struct session *s, const struct stream_options *options, struct error *err)
{
	*s = (struct session){
	    .timeout_ms = options->relay->timeout_ms,
	    .window_octets = WINDOW_OCTETS,
	    .rcpt_max = TRANSACTION_RCPT_MAX,
	    .fresh = true,
	};
	buf_init(&s->in, REPLY_MAX);
	buf_init(&s->out, 4 * IO_BLOCK);
	buf_init(&s->body, SPECULATIVE_MAX + IO_BLOCK);
	s->stream = stream_open(options, &s->caps, err);
	s->mode = mode_of(&s->caps);
	return s->stream != NULL ? 0 : -1;
}

void
session_avoid_chunks(struct session *s)
{
	s->no_chunks = true;
	s->caps.chunking = false;
	s->mode = mode_of(&s->caps);
}

void
session_close(struct session *s)
{
	struct span quit = span_of("QUIT\r\n");
	struct transaction *t;
	struct error ignored;
	char block[256];

	if (s->stream != NULL && !s->ending)
		stream_move(s->stream, &quit, block, sizeof block, 1, &ignored);
	stream_close(s->stream);
	s->stream = NULL;
	while (s->first != NULL)
		flight_take(s, &t, &ignored);
	buf_release(&s->in);
	buf_release(&s->out);
	buf_release(&s->body);
	free(s->asked);
	s->asked = NULL;
}

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

/* Those over the limit that it has shown are not named to it. */
static void
leave_over(struct session *s, struct result *result)
{
	char text[REPLY_TEXT_MAX];

	snprintf(text, sizeof text,
	    "452 4.5.3 the relay takes %zu recipients at a time", s->rcpt_max);
	result->outcome = OUTCOME_DEFERRED;
	result->crowded = true;
	result->text = must_strdup(text);
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
		if (f->asked >= s->rcpt_max) {
			leave_over(s, &t->results[i]);
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
		talk_expect(s, COMMAND_END, f, 0, UINT64_MAX);
		command_dot(s, f);
	}
	/* Whatever is said to a dot, it ends the transaction. */
	s->fresh = wanted;
}

/* The body of the message before, behind its 354. */
static void
finish_open(struct session *s)
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

/* Goes on with what is under way, until there is one reply less to come. */
static void
go_on(struct session *s)
{
	struct error err;

	if (s->ending) {
		talk_end(s);
	} else if (s->open != NULL) {
		finish_open(s);
	} else if (s->asked_count > 0) {
		talk_hear(s, s->asked_count - 1);
	} else {
		error_set(&err, ERR_INTERNAL, "nothing to wait for");
		flight_fault(s, s->last, &err);
	}
}

/* Would the relay bear it, if all that is under way and this failed? */
static bool
is_bearable(const struct session *s, size_t risk)
{
	return s->errors + s->risk + risk <= ERRORS_MAX &&
	       s->failures + s->unanswered < FAILURES_MAX;
}

static bool
has_room(const struct session *s, const struct transaction *t)
{
	return s->unanswered == 0 ||
	       (is_bearable(s, flight_risk(t)) &&
		   s->unanswered_octets + t->size <= s->window_octets);
}

bool
session_is_strained(const struct session *s)
{
	return s->failures > 0 && !is_bearable(s, 2);
}

void
session_push(struct session *s, struct transaction *t)
{
	struct flight *f;

	while (!s->ending && !has_room(s, t))
		go_on(s);
	if (s->open != NULL && !s->ending)
		finish_open(s);
	f = flight_begin(s, t);
	if (s->ending)
		return;
	if (is_hopeless(s, t))
		flight_done(s, f);
	else if (s->mode == MODE_LOCKSTEP)
		push_lockstep(s, f);
	else if (s->mode == MODE_AHEAD)
		push_ahead(s, f);
	else if (t->size <= SPECULATIVE_MAX)
		push_small(s, f);
	else
		push_large(s, f);
}

int
session_next(
    struct session *s, bool wait, struct transaction **t, struct error *err)
{
	if (s->ending && s->first != NULL)
		talk_end(s);
	while (s->first != NULL && !s->first->done) {
		if (!wait)
			return 0;
		go_on(s);
	}
	return s->first != NULL ? flight_take(s, t, err) : 0;
}

int
session_send(struct session *s, struct transaction *t, struct error *err)
{
	struct transaction *same;

	session_push(s, t);
	return session_next(s, true, &same, err) == 1 ? 0 : -1;
}
