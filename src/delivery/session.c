/* SPDX-License-Identifier: ISC */
/* The dialogue, in lockstep. */
#include "delivery/session.h"

#include "base/io.h"
#include "base/limits.h"
#include "delivery/reply.h"
#include "message/address.h"
#include "message/wire.h"

#include <stdio.h>
#include <stdlib.h>

/* RFC 5321 4.5.3.2.6: to leave sooner is to send it twice. */
#define END_TIMEOUT_MS 600000

/* A command line: an address, a BODY, SIZE, NOTIFY and ORCPT (RFC 3461 4). */
#define COMMAND_MAX (4 * KIB)

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

	if (s->stream != NULL)
		stream_write(s->stream, span_of("QUIT\r\n"), 1, &ignored);
	release(s);
}

void
transaction_init(struct transaction *t, const struct envelope *envelope)
{
	*t = (struct transaction){.envelope = envelope, .fd = -1};
	t->results = must_calloc(envelope->rcpt_count, sizeof t->results[0]);
}

void
transaction_release(struct transaction *t)
{
	for (size_t i = 0; t->results && i < t->envelope->rcpt_count; i++)
		free(t->results[i].text);
	free(t->results);
	t->results = NULL;
}

const char *
transaction_text(const struct transaction *t, size_t i)
{
	return t->results[i].text != NULL ? t->results[i].text : t->text;
}

/* Takes one line out of s->in; false if there is no whole one. */
static bool
take_line(struct session *s, struct reply *r, enum reply_result *result)
{
	const char *lf = memchr(s->in.at, '\n', s->in.len);
	struct span line;

	if (s->in.len == 0 || lf == NULL)
		return false;
	line = span(s->in.at, (size_t)(lf - s->in.at) + 1);
	stream_show(s->stream, 'S', line);
	*result = reply_take(r, line);
	buf_drop(&s->in, line.len);
	return true;
}

static int
read_reply(
    struct session *s, int64_t timeout_ms, struct reply *r, struct error *err)
{
	enum reply_result result = REPLY_MORE;

	reply_init(r);
	while (result == REPLY_MORE) {
		char block[2 * KIB];
		ssize_t n;

		if (take_line(s, r, &result))
			continue;
		n = stream_read(
		    s->stream, block, sizeof block, timeout_ms, err);
		if (n < 0)
			return -1;
		if (n == 0)
			return error_set(err, ERR_TEMPORARY,
			    "the relay closed the connection");
		buf_add(&s->in, block, (size_t)n);
		if (!buf_ok(&s->in))
			return error_set(
			    err, ERR_TEMPORARY, "endless reply of the relay");
	}
	if (result == REPLY_BROKEN)
		return error_set(
		    err, ERR_TEMPORARY, "the relay does not speak SMTP");
	return 0;
}

/*
 * Nothing a server says before it was asked counts as an answer: -1 if it
 * did, with its words in r (r->code 0: none that can be understood).
 */
static int
check_silence(struct session *s, struct reply *r, struct error *err)
{
	char block[2 * KIB];
	ssize_t n;

	reply_init(r);
	if (s->in.len == 0) {
		n = stream_read(s->stream, block, sizeof block, 0, err);
		if (n == -2)
			return 0;
		if (n == -1)
			return -1;
		if (n == 0)
			return error_set(err, ERR_TEMPORARY,
			    "the relay closed the connection");
		buf_add(&s->in, block, (size_t)n);
	}
	if (read_reply(s, 1, r, err) == 0)
		error_set(err, ERR_TEMPORARY,
		    "the relay spoke before it was asked: %s", r->text);
	return -1;
}

/* Sends the line in s->out and reads its answer. */
static int
ask(struct session *s, struct reply *r, struct error *err)
{
	if (!buf_ok(&s->out))
		return error_set(err, ERR_INTERNAL, "command too long");
	if (check_silence(s, r, err) != 0)
		return -1;
	stream_show(s->stream, 'C', buf_span(&s->out));
	if (stream_write(s->stream, buf_span(&s->out), s->timeout_ms, err) != 0)
		return -1;
	buf_clear(&s->out);
	return read_reply(s, s->timeout_ms, r, err);
}

static int
relay_fault(const struct reply *r, struct error *err)
{
	return error_set(err, ERR_TEMPORARY, "the relay says: %s", r->text);
}

/* Gives one outcome to all recipients that have none yet. */
static void
settle_all(struct transaction *t, enum outcome outcome, const char *text)
{
	snprintf(t->text, sizeof t->text, "%s", text);
	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		bool open = t->results[i].outcome == OUTCOME_NONE ||
			    t->results[i].outcome == OUTCOME_ACCEPTED;

		if (open && (t->skip == NULL || !t->skip[i]))
			t->results[i].outcome = outcome;
	}
}

/* What was accepted for now counts for nothing when the relay fails. */
static int
give_up(struct transaction *t)
{
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
	buf_printf(&s->out, "MAIL FROM:<%s>", e->sender);
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
	settle_all(t, OUTCOME_REFUSED, text);
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
	if (ask(s, &r, err) != 0)
		return -1;
	if (reply_class(&r) != 2)
		return relay_fault(&r, err);
	s->fresh = true;
	return 0;
}

/*
 * Judges a reply that is about the whole message. 1: go on; 0: settled; -1:
 * the relay is at fault.
 */
static int
judge(struct transaction *t, enum phase phase, const struct reply *r,
    struct error *err)
{
	struct verdict v = verdict_of(phase, r);

	if (v.scope == SCOPE_RELAY)
		return relay_fault(r, err);
	if (v.outcome == OUTCOME_ACCEPTED)
		return 1;
	settle_all(t, v.outcome, r->text);
	return 0;
}

static int
say_mail(struct session *s, struct transaction *t, struct error *err)
{
	struct reply r;

	put_mail(s, t);
	s->fresh = false;
	if (ask(s, &r, err) != 0)
		return -1;
	return judge(t, PHASE_MAIL, &r, err);
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
		if (ask(s, &r, err) != 0)
			return -1;
		v = verdict_of(PHASE_RCPT, &r);
		if (v.scope == SCOPE_RELAY)
			return relay_fault(&r, err);
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
	if (ask(s, &r, err) != 0)
		return -1;
	return judge(t, PHASE_DATA, &r, err);
}

/*
 * The relay spoke, or went away, in the middle of the message. What it said
 * against it counts (many refuse a large one so); a yes does not.
 */
static int
interrupted(struct transaction *t, const struct reply *r, struct error *err)
{
	if (reply_class(r) >= 4 && judge(t, PHASE_END, r, err) == 0)
		error_set(err, ERR_TEMPORARY,
		    "the relay broke off in the message: %s", r->text);
	return -1;
}

/* One block with its dots doubled; the last one with the end behind it. */
static int
send_block(struct session *s, struct transaction *t, struct span block,
    bool *at_line_start, bool last, struct error *err)
{
	struct reply r;

	buf_clear(&s->out);
	wire_stuff(block, at_line_start, &s->out);
	if (last) {
		if (check_silence(s, &r, err) != 0)
			return interrupted(t, &r, err);
		buf_add_text(&s->out, ".\r\n");
	}
	if (stream_write(s->stream, buf_span(&s->out), s->timeout_ms, err) == 0)
		return 0;
	/* A refusal may lie before the end of the connection. */
	check_silence(s, &r, err);
	return interrupted(t, &r, err);
}

/*
 * Sends the message and its end. A block is checked before any of it leaves:
 * what a caller smuggled into the queue ends the session instead, and without
 * the final dot nothing of it counts.
 */
static int
send_body(struct session *s, struct transaction *t, struct error *err)
{
	bool at_line_start = true;
	struct wire_check wire;
	char block[IO_BLOCK];
	int64_t left = t->size;

	wire_check_init(&wire);
	while (left > 0) {
		size_t want = left < IO_BLOCK ? (size_t)left : IO_BLOCK;
		ssize_t n = io_read(t->fd, block, want);
		struct span part;

		if (n <= 0)
			return error_set(err, ERR_IO,
			    "the message cannot be read to its end");
		part = span(block, (size_t)n);
		left -= n;
		wire_check_take(&wire, part);
		if (wire.broken || (left == 0 && !wire_check_end(&wire))) {
			t->corrupt = true;
			return error_set(err, ERR_DATA,
			    "the message has a line end that is not CRLF");
		}
		if (send_block(s, t, part, &at_line_start, left == 0, err) != 0)
			return -1;
	}
	return 0;
}

/* From here to the reply the relay may have it, and we do not know. */
static int
read_end(struct session *s, struct transaction *t, struct error *err)
{
	int64_t timeout =
	    s->timeout_ms > END_TIMEOUT_MS ? s->timeout_ms : END_TIMEOUT_MS;
	struct verdict v;
	struct reply r;

	if (read_reply(s, timeout, &r, err) != 0) {
		settle_all(t, OUTCOME_IN_DOUBT, err->text);
		return -1;
	}
	v = verdict_of(PHASE_END, &r);
	if (v.scope == SCOPE_RELAY && reply_class(&r) < 4) {
		relay_fault(&r, err);
		settle_all(t, OUTCOME_IN_DOUBT, err->text);
		return -1;
	}
	if (v.scope == SCOPE_RELAY)
		return relay_fault(&r, err);
	settle_all(t, v.outcome, r.text);
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
		return give_up(t);
	rc = say_mail(s, t, err);
	if (rc == 1)
		rc = say_rcpts(s, t, err);
	if (rc == 1)
		rc = say_data(s, t, err);
	if (rc < 0)
		return give_up(t);
	if (rc == 0)
		return 0;
	stream_show(s->stream, 'C', span_of("(the message)"));
	if (send_body(s, t, err) != 0 || read_end(s, t, err) != 0)
		return give_up(t);
	return 0;
}
