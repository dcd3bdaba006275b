/* SPDX-License-Identifier: ISC */
/* The greeting of LMTP. */
#include "delivery/lhlo.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdio.h>

#define STRANGE "the relay does not speak LMTP"
#define EARLY "the relay spoke before it was asked"

/* What has come, up to a whole reply. */
struct hearing {
	struct stream *stream;
	struct buf in;
	bool proved;
};

static CURLcode
say_why(struct stream *s, CURLcode code, const char *why)
{
	text_copy(s->message, sizeof s->message, span_of(why));
	return code;
}

/* How long the next step may take. */
static int64_t
time_left(const struct stream *s)
{
	int64_t left = s->began_ms + s->limit_ms - clock_monotonic_ms();
	int64_t step = s->options->relay->timeout_ms;

	return left < step ? left : step;
}

/* Some octets, in either direction. */
static CURLcode
move(struct hearing *h, struct span *out)
{
	struct stream *s = h->stream;
	int64_t left = time_left(s);
	char block[4 * KIB];
	struct error err;
	ssize_t n;

	if (left <= 0 || stream_is_over(s, &err))
		return CURLE_OPERATION_TIMEDOUT;
	n = stream_move(s, out, block, sizeof block, left, &err);
	if (n == STREAM_ENDED)
		return say_why(
		    s, CURLE_RECV_ERROR, "the relay closed the connection");
	if (n < 0)
		return stream_is_over(s, &err)
			   ? CURLE_OPERATION_TIMEDOUT
			   : say_why(s, CURLE_RECV_ERROR, err.text);
	buf_add(&h->in, block, (size_t)n);
	if (!buf_ok(&h->in))
		return say_why(
		    s, CURLE_WEIRD_SERVER_REPLY, "endless reply of the relay");
	return CURLE_OK;
}

/* Is the reply whole, by what has come so far? What is no line yet stays. */
static CURLcode
take_lines(struct hearing *h, bool *whole)
{
	struct stream *s = h->stream;
	struct span rest = buf_span(&h->in);
	const char *lf;

	*whole = false;
	while (!*whole && (lf = memchr(rest.at, '\n', rest.len)) != NULL) {
		struct span line = span(rest.at, (size_t)(lf - rest.at) + 1);

		transcript_received(&s->transcript, line);
		if (greeting_take(&s->greeting, line) != 0)
			return say_why(s, CURLE_WEIRD_SERVER_REPLY, STRANGE);
		rest = span_from(rest, line.len);
		*whole = !s->greeting.in_reply;
	}
	if (*whole && rest.len > 0)
		return say_why(s, CURLE_WEIRD_SERVER_REPLY, EARLY);
	buf_drop(&h->in, h->in.len - rest.len);
	return CURLE_OK;
}

static CURLcode
hear(struct hearing *h)
{
	struct stream *s = h->stream;
	struct span nothing = span("", 0);
	CURLcode code = CURLE_OK;
	bool whole = false;

	while (code == CURLE_OK && !whole) {
		code = move(h, &nothing);
		/* Of a connection that has moved, libcurl tells of its TLS. */
		if (code == CURLE_OK && !h->proved && !stream_prove(s))
			code = CURLE_PEER_FAILED_VERIFICATION;
		h->proved = true;
		if (code == CURLE_OK)
			code = take_lines(h, &whole);
	}
	return code;
}

static CURLcode
ask(struct hearing *h)
{
	struct stream *s = h->stream;
	char line[HOST_NAME_SIZE + 16];
	CURLcode code = CURLE_OK;
	struct span out;

	snprintf(line, sizeof line, "LHLO %s\r\n", s->options->host_name);
	out = span_of(line);
	transcript_sent(&s->transcript, out);
	while (code == CURLE_OK && out.len > 0) {
		code = move(h, &out);
		if (code == CURLE_OK && h->in.len > 0)
			return say_why(s, CURLE_WEIRD_SERVER_REPLY, EARLY);
	}
	return code;
}

CURLcode
lhlo(struct stream *s)
{
	struct hearing h = {.stream = s};
	CURLcode code;

	buf_init(&h.in, REPLY_MAX);
	code = hear(&h);
	if (code == CURLE_OK && reply_class(&s->greeting.reply) != 2)
		code = say_why(s, CURLE_WEIRD_SERVER_REPLY, STRANGE);
	s->greeting.ehlo_done = false;
	if (code == CURLE_OK)
		code = ask(&h);
	if (code == CURLE_OK)
		code = hear(&h);
	if (code == CURLE_OK && !s->greeting.ehlo_done)
		code = say_why(s, CURLE_WEIRD_SERVER_REPLY, STRANGE);
	buf_release(&h.in);
	return code;
}
