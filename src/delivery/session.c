/* SPDX-License-Identifier: ISC */
/* The dialogue, in lockstep. */
#include "delivery/session.h"

#include "base/limits.h"
#include "delivery/body.h"
#include "delivery/talk.h"
#include "message/address.h"

#include <stdio.h>
#include <stdlib.h>

/* RFC 5321 4.5.3.2.6: to leave sooner is to send it twice. */
#define END_TIMEOUT_MS 600000

int
session_open(
    struct session *s, const struct stream_options *options, struct error *err)
{
	*s = (struct session){
	    .timeout_ms = options->relay->timeout_ms, .fresh = true};
	buf_init(&s->in, REPLY_MAX);
	buf_init(&s->out, 4 * IO_BLOCK);
	s->stream = stream_open(options, &s->caps, err);
	return s->stream != NULL ? 0 : -1;
}

static void
release(struct session *s)
{
	stream_close(s->stream);
	s->stream = NULL;
	buf_release(&s->in);
	buf_release(&s->out);
}

void
session_close(struct session *s)
{
	struct error ignored;

	if (s->stream != NULL && !s->lost)
		stream_write(s->stream, span_of("QUIT\r\n"), 1, &ignored);
	release(s);
}

/* The session is at its end. What was accepted for now counts for nothing. */
static int
give_up(struct session *s, struct transaction *t)
{
	s->lost = true;
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].outcome == OUTCOME_ACCEPTED)
			t->results[i].outcome = OUTCOME_NONE;
	return -1;
}

static void
put_mail(struct session *s, const struct transaction *t)
{
	const struct envelope *e = t->envelope;

	buf_clear(&s->out);
	buf_printf(&s->out, "MAIL FROM:<%s>",
	    t->sender != NULL ? t->sender : e->sender);
	if (s->caps.size)
		buf_printf(&s->out, " SIZE=%lld", (long long)t->size);
	if (e->eight_bit && s->caps.eight_bit_mime)
		buf_add_text(&s->out, " BODY=8BITMIME");
	if (e->utf8)
		buf_add_text(&s->out, " SMTPUTF8");
	if (s->caps.dsn && e->ret != NULL)
		buf_printf(&s->out, " RET=%s", e->ret);
	if (s->caps.dsn && e->envid != NULL)
		buf_printf(&s->out, " ENVID=%s", e->envid);
	buf_add_text(&s->out, "\r\n");
}

static void
put_rcpt(struct session *s, const struct transaction *t, size_t i)
{
	const struct recipient *rcpt = &t->envelope->rcpt[i];
	struct span address = span_of(rcpt->address);
	bool bare = address_domain(address) == address.len;

	buf_clear(&s->out);
	buf_printf(&s->out, "RCPT TO:<%s%s%s>", rcpt->address,
	    bare && t->domain ? "@" : "", bare && t->domain ? t->domain : "");
	if (s->caps.dsn && rcpt->notify != NULL)
		buf_printf(&s->out, " NOTIFY=%s", rcpt->notify);
	if (s->caps.dsn && rcpt->orcpt != NULL)
		buf_printf(&s->out, " ORCPT=%s", rcpt->orcpt);
	buf_add_text(&s->out, "\r\n");
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

/* Ends what a transaction before left open. */
static int
begin(struct session *s, struct error *err)
{
	struct reply r;

	if (s->fresh)
		return 0;
	buf_clear(&s->out);
	buf_add_text(&s->out, "RSET\r\n");
	if (talk_ask(s, &r, err) != 0)
		return -1;
	if (reply_class(&r) != 2)
		return talk_fault(&r, NULL, err);
	s->fresh = true;
	return 0;
}

static int
say_mail(struct session *s, struct transaction *t, struct error *err)
{
	struct reply r;

	put_mail(s, t);
	s->fresh = false;
	if (talk_ask(s, &r, err) != 0)
		return -1;
	return transaction_judge(t, PHASE_MAIL, &r, err);
}

/* 1: somebody was accepted; 0: nobody; -1 as above. */
static int
say_rcpts(struct session *s, struct transaction *t, struct error *err)
{
	size_t accepted = 0;
	struct reply r;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		struct result *result = &t->results[i];
		struct verdict v;

		if (t->skip != NULL && t->skip[i])
			continue;
		put_rcpt(s, t, i);
		if (talk_ask(s, &r, err) != 0)
			return -1;
		v = verdict_of(PHASE_RCPT, &r);
		t->pause = v.pause;
		if (v.scope == SCOPE_RELAY)
			return talk_fault(&r, v.why, err);
		result->outcome = v.outcome;
		if (v.outcome == OUTCOME_ACCEPTED)
			accepted++;
		else
			result->text = must_strdup(r.text);
	}
	return accepted > 0;
}

static int
say_data(struct session *s, struct transaction *t, struct error *err)
{
	struct reply r;

	buf_clear(&s->out);
	buf_add_text(&s->out, "DATA\r\n");
	if (talk_ask(s, &r, err) != 0)
		return -1;
	return transaction_judge(t, PHASE_DATA, &r, err);
}

static int
in_doubt(struct transaction *t, struct error *err)
{
	error_prefix(err, "the message was sent and may have arrived");
	transaction_settle(t, OUTCOME_IN_DOUBT, err->text);
	return -1;
}

/* From here to the reply the relay may have it, and we do not know. */
static int
read_end(struct session *s, struct transaction *t, struct error *err)
{
	int64_t timeout =
	    s->timeout_ms > END_TIMEOUT_MS ? s->timeout_ms : END_TIMEOUT_MS;
	struct verdict v;
	struct reply r;

	stream_lift_deadline(s->stream);
	if (talk_listen(s, timeout, &r, err) != 0)
		return in_doubt(t, err);
	v = verdict_of(PHASE_END, &r);
	t->pause = v.pause;
	if (v.scope == SCOPE_RELAY) {
		talk_fault(&r, v.why, err);
		/* No server says a code below 400 that is no yes here. */
		return reply_class(&r) < 4 ? in_doubt(t, err) : -1;
	}
	transaction_settle(t, v.outcome, r.text);
	s->fresh = true;
	return 0;
}

int
session_send(struct session *s, struct transaction *t, struct error *err)
{
	int rc;

	if (is_hopeless(s, t))
		return 0;
	if (begin(s, err) != 0)
		return give_up(s, t);
	rc = say_mail(s, t, err);
	if (rc == 1)
		rc = say_rcpts(s, t, err);
	if (rc == 1)
		rc = say_data(s, t, err);
	if (rc < 0)
		return give_up(s, t);
	if (rc == 0)
		return 0;
	stream_show(s->stream, 'C', span_of("(the message)"));
	if (body_send(s, t, err) != 0 || read_end(s, t, err) != 0)
		return give_up(s, t);
	return 0;
}
