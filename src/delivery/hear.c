/* SPDX-License-Identifier: ISC */
/* A line and its reply, over the connection that libcurl made. */
#include "delivery/hear.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "delivery/hide.h"

#include <stdlib.h>
#include <string.h>

#define EARLY "the relay spoke before it was asked"

void
hear_init(struct hearing *h, struct stream *s, const char *strange)
{
	*h = (struct hearing){.stream = s, .strange = strange};
	buf_init(&h->in, REPLY_MAX);
}

CURLcode
hear_fault(struct stream *s, CURLcode code, const char *why)
{
	text_copy(s->message, sizeof s->message, span_of(why));
	return code;
}

void
hear_show(struct stream *s, struct span heard)
{
	const struct stream_options *o = s->options;
	struct span rest, line;
	char *text;

	if (!s->transcript.shown)
		return;
	text = must_spandup(heard);
	if (o != NULL)
		hide_login(
		    o->relay, o->password, o->token, s->proxy_password, text);
	rest = span_of(text);
	while (span_cut(&rest, '\n', &line))
		transcript_received(&s->transcript, line);
	explicit_bzero(text, heard.len);
	free(text);
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
		return hear_fault(
		    s, CURLE_RECV_ERROR, "the relay closed the connection");
	if (n < 0)
		return stream_is_over(s, &err)
			   ? CURLE_OPERATION_TIMEDOUT
			   : hear_fault(s, CURLE_RECV_ERROR, err.text);
	buf_add(&h->in, block, (size_t)n);
	if (!buf_ok(&h->in))
		return hear_fault(
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

		hear_show(s, line);
		if (greeting_take(&s->greeting, line) != 0)
			return hear_fault(
			    s, CURLE_WEIRD_SERVER_REPLY, h->strange);
		rest = span_from(rest, line.len);
		*whole = !s->greeting.in_reply;
	}
	if (*whole && rest.len > 0)
		return hear_fault(s, CURLE_WEIRD_SERVER_REPLY, EARLY);
	buf_drop(&h->in, h->in.len - rest.len);
	return CURLE_OK;
}

CURLcode
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

CURLcode
hear_say(struct hearing *h, struct span out)
{
	CURLcode code = CURLE_OK;

	transcript_sent(&h->stream->transcript, out);
	while (code == CURLE_OK && out.len > 0) {
		code = move(h, &out);
		if (code == CURLE_OK && h->in.len > 0)
			return hear_fault(
			    h->stream, CURLE_WEIRD_SERVER_REPLY, EARLY);
	}
	return code;
}
