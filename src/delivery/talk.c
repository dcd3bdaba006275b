/* SPDX-License-Identifier: ISC */
/* Commands out, replies in. */
#include "delivery/talk.h"

#include "base/clock.h"
#include "base/limits.h"
#include "delivery/answer.h"
#include "delivery/asked.h"

/* The rest of a line that was not asked for. */
#define REST_MS 100

uint64_t
talk_place(const struct session *s)
{
	return s->sent + s->out.len;
}

/* Octets have left; the clock of the next reply begins when its command has. */
static void
count_sent(struct session *s, size_t n)
{
	bool awaited = asked_is_awaited(s);

	s->sent += n;
	if (!awaited && asked_is_awaited(s))
		s->since = clock_monotonic_ms();
}

static int
give_up(struct session *s, const struct error *err)
{
	flight_end_session(s, err);
	flight_lose_all(s);
	return -1;
}

/* The reply in s->reply is whole. */
static void
take_reply(struct session *s)
{
	struct reply r = s->reply;
	struct asked a;

	reply_init(&s->reply);
	if (!asked_is_awaited(s)) {
		answer_early(s, asked_next(s), &r);
		return;
	}
	a = asked_take(s);
	s->since = clock_monotonic_ms();
	answer_take(s, &a, &r);
}

/* Takes all whole lines out of s->in. */
static int
take_lines(struct session *s)
{
	struct span rest = buf_span(&s->in);
	const char *lf;

	while (!s->lost && (lf = memchr(rest.at, '\n', rest.len)) != NULL) {
		struct span line = span(rest.at, (size_t)(lf - rest.at) + 1);
		enum reply_result result;
		struct error err;

		stream_show(s->stream, 'S', line);
		result = reply_take(&s->reply, line);
		rest = span_from(rest, line.len);
		if (result == REPLY_BROKEN) {
			error_set(&err, ERR_TEMPORARY,
			    "the relay does not speak SMTP");
			return give_up(s, &err);
		}
		if (result == REPLY_DONE)
			take_reply(s);
	}
	buf_drop(&s->in, s->in.len - rest.len);
	return s->lost ? -1 : 0;
}

/* Half of a reply has come, that nothing has asked for? */
static bool
is_half_early(const struct session *s)
{
	return !asked_is_awaited(s) && (s->in.len > 0 || s->reply.code != 0);
}

static int
take(struct session *s, const char *bytes, size_t n)
{
	struct error err;

	buf_add(&s->in, bytes, n);
	if (buf_ok(&s->in))
		return take_lines(s);
	error_set(&err, ERR_TEMPORARY, "endless reply of the relay");
	return give_up(s, &err);
}

/* No longer than REST_MS, since nobody waits for it. */
static int
hear_rest(struct session *s)
{
	int64_t end = clock_monotonic_ms() + REST_MS, left = REST_MS;
	struct span nothing = span("", 0);
	char block[2 * KIB];
	struct error err;

	while (is_half_early(s) && left > 0) {
		ssize_t n = stream_move(
		    s->stream, &nothing, block, sizeof block, left, &err);

		if (n < 0 || (n > 0 && take(s, block, (size_t)n) != 0))
			break;
		left = n > 0 ? end - clock_monotonic_ms() : 0;
	}
	if (s->lost)
		return -1;
	if (!is_half_early(s))
		return 0;
	error_set(&err, ERR_TEMPORARY, "the relay spoke before it was asked");
	return give_up(s, &err);
}

static int
too_late(struct session *s)
{
	bool half = s->in.len > 0 || s->reply.code != 0;
	struct error err;

	if (half)
		error_set(
		    &err, ERR_TEMPORARY, "the relay did not end its reply");
	else
		error_set(&err, ERR_TEMPORARY,
		    "the relay %s nothing for %lld s",
		    asked_is_awaited(s) ? "said" : "took",
		    (long long)(asked_patience(s) / 1000));
	return give_up(s, &err);
}

/* A refusal may lie before the end of the connection. */
static int
broken(struct session *s, const struct error *err)
{
	struct span nothing = span("", 0);
	struct error ignored;
	char block[2 * KIB];
	ssize_t n;

	s->parted = true;
	do {
		n = stream_move(
		    s->stream, &nothing, block, sizeof block, 0, &ignored);
	} while (n > 0 && take(s, block, (size_t)n) == 0);
	return s->lost ? -1 : give_up(s, err);
}

/* Has a message left, to its last byte? */
static bool
is_complete(const struct session *s)
{
	const struct asked *last = asked_last(s);

	return last != NULL && last->command == COMMAND_END &&
	       last->place <= s->sent;
}

/* Moves some bytes, before the time is over that begins at since. */
static int
step(struct session *s, struct span *out, int64_t since)
{
	int64_t end = (s->since > since ? s->since : since) + asked_patience(s);
	size_t before = out->len;
	char block[8 * KIB];
	struct error err;
	int64_t left;
	ssize_t n;

	/* To leave now is to send it twice. */
	if (is_complete(s))
		stream_lift_deadline(s->stream);
	if (asked_is_awaited(s))
		end = s->since + asked_patience(s);
	if (s->ending && s->left && end > s->drain_end)
		end = s->drain_end;
	left = end - clock_monotonic_ms();
	if (left <= 0)
		return too_late(s);
	n = stream_move(s->stream, out, block, sizeof block, left, &err);
	count_sent(s, before - out->len);
	if (n == STREAM_ENDED) {
		s->parted = true;
		error_set(
		    &err, ERR_TEMPORARY, "the relay closed the connection");
		return give_up(s, &err);
	}
	if (n < 0)
		return broken(s, &err);
	if (n > 0 && take(s, block, (size_t)n) != 0)
		return -1;
	return is_half_early(s) ? hear_rest(s) : 0;
}

int
talk_flush(struct session *s)
{
	struct span rest = buf_span(&s->out);
	int64_t since = clock_monotonic_ms();
	struct error err;

	if (!s->ending && !buf_ok(&s->out)) {
		error_set(&err, ERR_INTERNAL, "command too long");
		give_up(s, &err);
	}
	while (!s->ending && rest.len > 0)
		step(s, &rest, since);
	buf_clear(&s->out);
	return s->ending ? -1 : 0;
}

int
talk_hear(struct session *s, size_t count)
{
	struct span nothing = span("", 0);

	if (talk_flush(s) != 0)
		return -1;
	while (!s->ending && s->asked_count > count)
		step(s, &nothing, 0);
	return s->ending ? -1 : 0;
}

void
talk_end(struct session *s)
{
	struct span nothing = span("", 0);

	while (!s->lost && flight_is_awaited(s))
		step(s, &nothing, 0);
	flight_lose_all(s);
}
