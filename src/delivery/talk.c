/* SPDX-License-Identifier: ISC */
/* Commands out, replies in. */
#include "delivery/talk.h"

#include "base/limits.h"

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

int
talk_listen(
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
talk_fault(const struct reply *r, struct error *err)
{
	return error_set(err, ERR_TEMPORARY, "the relay says: %s", r->text);
}
