/* SPDX-License-Identifier: ISC */
/* The replies that are to come. */
#include "delivery/asked.h"

#include "base/buf.h"

#include <stdlib.h>

/* RFC 5321 4.5.3.2.6: to leave sooner is to send it twice. */
#define END_TIMEOUT_MS 600000

void
asked_add(struct session *s, enum command command, struct flight *f,
    size_t rcpt, uint64_t place)
{
	size_t used = s->asked_first + s->asked_count;

	if (used == s->asked_size && s->asked_first > 0 &&
	    s->asked_first >= s->asked_count) {
		memmove(s->asked, s->asked + s->asked_first,
		    s->asked_count * sizeof s->asked[0]);
		s->asked_first = 0;
		used = s->asked_count;
	}
	if (used == s->asked_size) {
		s->asked_size = s->asked_size > 0 ? 2 * s->asked_size : 256;
		s->asked =
		    must_realloc(s->asked, s->asked_size, sizeof s->asked[0]);
	}
	s->asked[used] = (struct asked){
	    .flight = f, .rcpt = rcpt, .place = place, .command = command};
	s->asked_count++;
}

void
asked_add_end(struct session *s, struct flight *f, uint64_t place)
{
	const struct transaction *t = f->t;

	if (!s->lmtp) {
		asked_add(s, COMMAND_END, f, 0, place);
		return;
	}
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (transaction_is_taken(t, i))
			asked_add(s, COMMAND_END, f, i, place);
}

void
asked_end_due(struct session *s, uint64_t place)
{
	struct asked *first = s->asked + s->asked_first;

	for (size_t i = s->asked_count; i > 0; i--) {
		if (first[i - 1].place != UINT64_MAX)
			break;
		first[i - 1].place = place;
	}
}

const struct asked *
asked_next(const struct session *s)
{
	return s->asked_count > 0 ? &s->asked[s->asked_first] : NULL;
}

bool
asked_is_awaited(const struct session *s)
{
	const struct asked *a = asked_next(s);

	return a != NULL && a->place <= s->sent;
}

const struct asked *
asked_last(const struct session *s)
{
	return s->asked_count > 0
		   ? &s->asked[s->asked_first + s->asked_count - 1]
		   : NULL;
}

struct asked
asked_take(struct session *s)
{
	struct asked a = *asked_next(s);

	s->asked_first++;
	s->asked_count--;
	return a;
}

int64_t
asked_patience(const struct session *s)
{
	const struct asked *a = asked_next(s);
	bool end = asked_is_awaited(s) && a->command == COMMAND_END &&
		   flight_is_wanted(a->flight);

	return end && s->timeout_ms < END_TIMEOUT_MS ? END_TIMEOUT_MS
						     : s->timeout_ms;
}
