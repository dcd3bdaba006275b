/* SPDX-License-Identifier: ISC */
/* Commands out, replies in. */
#include "delivery/talk.h"

#include "base/clock.h"
#include "base/limits.h"

/* Takes one line out of s->in; false if there is no whole one. */
static bool
take_line(struct session *s, struct reply *r, enum reply_result *result)
{
	struct span line = buf_span(&s->in);
	const char *lf = memchr(line.at, '\n', line.len);

	if (lf == NULL)
		return false;
	line.len = (size_t)(lf - line.at) + 1;
	stream_show(s->stream, 'S', line);
	*result = reply_take(r, line);
	buf_drop(&s->in, line.len);
	return true;
}

/* Receives some more of a reply, before end. */
static int
receive(struct session *s, int64_t end, struct error *err)
{
	int64_t left = end - clock_monotonic_ms();
	char block[2 * KIB];
	ssize_t n;

	if (left <= 0)
		return error_set(
		    err, ERR_TEMPORARY, "the relay did not end its reply");
	n = stream_read(s->stream, block, sizeof block, left, err);
	if (n < 0)
		return -1;
	if (n == 0)
		return error_set(
		    err, ERR_TEMPORARY, "the relay closed the connection");
	buf_add(&s->in, block, (size_t)n);
	if (!buf_ok(&s->in))
		return error_set(
		    err, ERR_TEMPORARY, "endless reply of the relay");
	return 0;
}

int
talk_listen(
    struct session *s, int64_t timeout_ms, struct reply *r, struct error *err)
{
	/* For all of the reply: a byte now and then buys no time. */
	int64_t end = clock_monotonic_ms() + timeout_ms;
	enum reply_result result = REPLY_MORE;

	reply_init(r);
	while (result == REPLY_MORE)
		if (!take_line(s, r, &result) && receive(s, end, err) != 0)
			return -1;
	if (result == REPLY_BROKEN)
		return error_set(
		    err, ERR_TEMPORARY, "the relay does not speak SMTP");
	return 0;
}

int
talk_silence(struct session *s, struct reply *r, struct error *err)
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
	if (talk_listen(s, 1, r, err) == 0)
		error_set(err, ERR_TEMPORARY,
		    "the relay spoke before it was asked: %s", r->text);
	return -1;
}

int
talk_ask(struct session *s, struct reply *r, struct error *err)
{
	if (!buf_ok(&s->out))
		return error_set(err, ERR_INTERNAL, "command too long");
	if (talk_silence(s, r, err) != 0)
		return -1;
	stream_show(s->stream, 'C', buf_span(&s->out));
	if (stream_write(s->stream, buf_span(&s->out), s->timeout_ms, err) != 0)
		return -1;
	buf_clear(&s->out);
	return talk_listen(s, s->timeout_ms, r, err);
}

int
talk_fault(const struct reply *r, const char *why, struct error *err)
{
	return error_set(err, ERR_TEMPORARY, "%s%sthe relay says: %s",
	    why ? why : "", why ? "; " : "", r->text);
}
