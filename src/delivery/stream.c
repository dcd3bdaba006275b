/* SPDX-License-Identifier: ISC */
/* Bytes to and from a relay, over the connection that libcurl made. */
#include "delivery/stream.h"

#include "base/clock.h"
#include "delivery/stream_state.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

void
stream_show(struct stream *s, char side, struct span line)
{
	if (side == 'C')
		transcript_sent(&s->transcript, line);
	else
		transcript_received(&s->transcript, line);
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	curl_easy_cleanup(s->curl);
	free(s);
}

const char *
stream_bound(const struct stream *s)
{
	return s->bound ? s->place : NULL;
}

void
stream_lift_deadline(struct stream *s)
{
	s->deadline_ms = 0;
}

bool
stream_is_over(const struct stream *s, struct error *err)
{
	char time[CLOCK_TEXT_SIZE];

	if (s->deadline_ms == 0 ||
	    clock_monotonic_ms() + STREAM_SLACK_MS < s->deadline_ms)
		return false;
	clock_duration((time_t)(s->foreground_ms / 1000), time);
	error_set(err, ERR_TEMPORARY,
	    "the time for a try in the foreground (%s) is over", time);
	return true;
}

static int64_t
end_of(const struct stream *s, int64_t timeout_ms)
{
	int64_t end = clock_monotonic_ms() + timeout_ms;

	return s->deadline_ms != 0 && s->deadline_ms < end ? s->deadline_ms
							   : end;
}

/* Waits until the socket is ready. 1, or 0 when the time is up. */
static int
wait_for(struct stream *s, short events, int64_t end)
{
	struct pollfd p = {.fd = s->socket, .events = events};

	for (;;) {
		int64_t left = end - clock_monotonic_ms();
		int rc;

		if (left <= 0)
			return 0;
		rc = poll(&p, 1, (int)(left < 60000 ? left : 60000));
		if (rc > 0 || (rc < 0 && errno != EINTR))
			return 1;
	}
}

/* As stream_move(), without waiting: -3 when nothing goes. */
#define NOTHING (-3)
static ssize_t
try_move(struct stream *s, struct span *out, char *to, size_t size,
    struct error *err)
{
	size_t n = 0;
	CURLcode code = curl_easy_recv(s->curl, to, size, &n);

	if (code == CURLE_OK)
		return n > 0 ? (ssize_t)n : STREAM_ENDED;
	if (code != CURLE_AGAIN)
		return error_set(err, ERR_TEMPORARY, "connection lost (%s)",
		    curl_easy_strerror(code));
	if (out->len == 0)
		return NOTHING;
	code = curl_easy_send(s->curl, out->at, out->len, &n);
	if (code == CURLE_AGAIN)
		return NOTHING;
	if (code != CURLE_OK)
		return error_set(err, ERR_TEMPORARY,
		    "connection lost while sending (%s)",
		    curl_easy_strerror(code));
	*out = span_from(*out, n);
	return 0;
}

ssize_t
stream_move(struct stream *s, struct span *out, char *to, size_t size,
    int64_t timeout_ms, struct error *err)
{
	int64_t end = end_of(s, timeout_ms);
	short events = (short)(out->len > 0 ? POLLIN | POLLOUT : POLLIN);

	for (;;) {
		ssize_t n;

		if (stream_is_over(s, err))
			return -1;
		n = try_move(s, out, to, size, err);

		if (n != NOTHING)
			return n;
		if (!wait_for(s, events, end) && !stream_is_over(s, err))
			return 0;
	}
}
