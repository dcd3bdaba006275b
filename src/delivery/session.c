/* SPDX-License-Identifier: ISC */
/* The dialogue: its beginning and end, and what is under way in it. */
#include "delivery/session.h"

#include "base/limits.h"
#include "delivery/flight.h"
#include "delivery/push.h"
#include "delivery/talk.h"

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
	    .lmtp = options->relay->protocol == PROTOCOL_LMTP,
	    .timeout_ms = options->relay->timeout_ms,
	    .window = options->relay->window,
	    .window_octets = options->relay->window_size,
	    .rcpt_max = TRANSACTION_RCPT_MAX,
	    .fresh = true,
	};
	buf_init(&s->in, REPLY_MAX);
	buf_init(&s->out, 4 * IO_BLOCK);
	buf_init(&s->body, SPECULATIVE_MAX + IO_BLOCK);
	s->stream = stream_open(options, &s->caps, err);
	s->caps.require_tls =
	    s->caps.require_tls && options->relay->tls != TLS_NONE;
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

/* Goes on with what is under way, until there is one reply less to come. */
static void
go_on(struct session *s)
{
	struct error err;

	if (s->ending) {
		talk_end(s);
	} else if (s->open != NULL) {
		push_finish_open(s);
	} else if (s->asked_count > 0) {
		talk_hear(s, s->asked_count - 1);
	} else {
		error_set(&err, ERR_INTERNAL, "nothing to wait for");
		flight_fault(s, s->last, &err);
	}
}

/* Would the relay bear it, if all that is under way and this failed? After many
 * that were good, not so much fails at once; but of one with many recipients
 * enough may. */
static bool
is_bearable(const struct session *s, size_t risk)
{
	if (s->good >= GOOD_ENOUGH && s->errors == 0 && s->failures == 0 &&
	    risk <= ERRORS_MAX)
		return true;
	return s->errors + s->risk + risk <= ERRORS_MAX &&
	       s->failures + s->unanswered < FAILURES_MAX;
}

static bool
has_room(const struct session *s, const struct transaction *t)
{
	return s->unanswered == 0 ||
	       (s->unanswered < s->window && is_bearable(s, flight_risk(t)) &&
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
		push_finish_open(s);
	f = flight_begin(s, t);
	if (!s->ending)
		push(s, f);
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
