/* SPDX-License-Identifier: ISC */
/* What became of a message at its relay, in words. */
#include "outcome.h"

#include <string.h>

enum event
outcome_event(enum outcome outcome)
{
	static const enum event events[] = {
	    [OUTCOME_NONE] = EVENT_UNKNOWN,
	    [OUTCOME_ACCEPTED] = EVENT_DELIVERED,
	    [OUTCOME_DEFERRED] = EVENT_DEFERRED,
	    [OUTCOME_REFUSED] = EVENT_REFUSED,
	    [OUTCOME_IN_DOUBT] = EVENT_IN_DOUBT,
	};

	return events[outcome];
}

size_t
outcome_count(const struct transaction *t, enum outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		n += t->results[i].outcome == outcome;
	return n;
}

/* Of the words of a relay, which alone could fill the line. */
#define WORDS_MAX 500

/* A phrase for one recipient; with others, for all that share its text. */
static void
add_phrase(struct buf *to, const char *address, size_t others, const char *verb,
    const char *text)
{
	buf_printf(to, "%s<%s>", to->len > 0 ? "; " : "", address);
	if (others > 0)
		buf_printf(to, " and %zu more", others);
	buf_printf(to, " %s: %.*s%s", verb, WORDS_MAX, text,
	    strlen(text) > WORDS_MAX ? "..." : "");
}

/* Those to whom something happened now that is no delivery. */
static void
add_results(struct buf *to, const struct transaction *t)
{
	size_t common = 0, first = 0;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		enum outcome outcome = t->results[i].outcome;

		if (outcome == OUTCOME_NONE || outcome == OUTCOME_ACCEPTED)
			continue;
		if (t->results[i].text != NULL)
			add_phrase(to, t->envelope->rcpt[i].address, 0,
			    event_name(outcome_event(outcome)),
			    t->results[i].text);
		else if (common++ == 0)
			first = i;
	}
	if (common > 0)
		add_phrase(to, t->envelope->rcpt[first].address, common - 1,
		    event_name(outcome_event(t->results[first].outcome)),
		    t->text);
}

/* Those who did not get it, now or before. */
static void
add_failed(struct buf *to, const struct entry *e)
{
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		const struct rcpt_status *status = &e->status[i];
		enum event event = status->state == RCPT_EXPIRED
				       ? EVENT_EXPIRED
				       : EVENT_REFUSED;

		if (status->state == RCPT_REFUSED ||
		    status->state == RCPT_EXPIRED)
			add_phrase(to, e->envelope.rcpt[i].address, 0,
			    event_name(event),
			    status->text ? status->text : "");
	}
}

/* What is done about it, where all is settled; NULL: it is not. */
static const char *
consequence(enum settled settled)
{
	switch (settled) {
	case SETTLED_HELD:
		return "; the message is held";
	case SETTLED_RETURNED:
		return "; its sender is told";
	case SETTLED_UNWANTED:
		return "; its sender does not want to be told";
	default:
		return NULL;
	}
}

void
outcome_summarize(const struct entry *e, const struct transaction *t,
    enum settled settled, struct error *err)
{
	const char *end = consequence(settled);
	struct buf line;

	buf_init(&line, sizeof err->text - 128);
	if (end != NULL)
		add_failed(&line, e);
	else
		add_results(&line, t);
	error_set(err,
	    settled == SETTLED_DEFERRED ? ERR_TEMPORARY : ERR_REFUSED, "%s%s%s",
	    buf_text(&line), buf_ok(&line) ? "" : " ...", end ? end : "");
	buf_release(&line);
}
