/* SPDX-License-Identifier: ISC */
/* What the records of an entry add up to. */
#include "queue/entry.h"

#include <stdlib.h>

static void
set_text(char **field, const char *text)
{
	free(*field);
	*field = text[0] != '\0' ? must_strdup(text) : NULL;
}

static void
apply_to_recipient(struct rcpt_status *status, const struct record *r)
{
	if (r->event == EVENT_DELIVERED)
		status->state = RCPT_DELIVERED;
	else if (r->event == EVENT_REFUSED)
		status->state = RCPT_REFUSED;
	set_text(&status->text, r->text);
	status->when = r->when;
	memcpy(status->relay, r->relay, sizeof status->relay);
}

/* Without a number: all that wait, which only waiting can be said of. */
static void
apply_to_recipients(struct entry *e, const struct record *r)
{
	bool waits = r->event == EVENT_DEFERRED || r->event == EVENT_IN_DOUBT;

	if (r->rcpt < e->envelope.rcpt_count)
		apply_to_recipient(&e->status[r->rcpt], r);
	if (r->rcpt != RCPT_NONE || !waits)
		return;
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (e->status[i].state == RCPT_WAITING)
			apply_to_recipient(&e->status[i], r);
}

/* Given up, by number or all that wait: what was last said of them stays. */
static void
expire(struct entry *e, const struct record *r)
{
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		struct rcpt_status *status = &e->status[i];

		if (status->state != RCPT_WAITING ||
		    (r->rcpt != RCPT_NONE && r->rcpt != i))
			continue;
		status->state = RCPT_EXPIRED;
		if (status->text == NULL)
			set_text(&status->text, r->text);
	}
}

/* By the aliases: what has become of it before stays. */
static void
settle_quietly(struct entry *e, const struct record *r, enum rcpt_state state)
{
	if (r->rcpt < e->envelope.rcpt_count &&
	    e->status[r->rcpt].state == RCPT_WAITING)
		e->status[r->rcpt].state = state;
}

/* Of many outcomes of one attempt the first one counts it. */
static void
count_answer(struct entry *e)
{
	e->answered += e->asked;
	e->asked = false;
}

void
entry_apply(struct entry *e, const struct record *r)
{
	switch (r->event) {
	case EVENT_ATTEMPT:
		e->attempts++;
		e->asked = true;
		set_text(&e->trouble, r->text);
		break;
	case EVENT_HELD:
		e->held = true;
		set_text(&e->trouble, r->text);
		break;
	case EVENT_RELEASED:
		e->held = false;
		set_text(&e->trouble, r->text);
		break;
	case EVENT_DELIVERED:
	case EVENT_REFUSED:
	case EVENT_DEFERRED:
	case EVENT_IN_DOUBT:
		count_answer(e);
		apply_to_recipients(e, r);
		break;
	case EVENT_EXPIRED:
		expire(e, r);
		break;
	case EVENT_ALIASED:
		entry_take_alias(e, r);
		break;
	case EVENT_EXPANDED:
		settle_quietly(e, r, RCPT_ALIASED);
		break;
	case EVENT_DROPPED:
		settle_quietly(e, r, RCPT_DROPPED);
		break;
	case EVENT_WARNED:
		e->warned = true;
		break;
	case EVENT_BOUNCED:
		e->bounced = true;
		break;
	case EVENT_RELAYED:
		if (r->rcpt < e->envelope.rcpt_count)
			e->status[r->rcpt].relayed = true;
		break;
	case EVENT_UNKNOWN:
		break;
	}
}

size_t
entry_apply_all(struct entry *e, struct span text)
{
	struct span rest = text, line;
	size_t whole = 0;
	struct record r;

	while (rest.len > 0 && memchr(rest.at, '\n', rest.len) != NULL) {
		span_cut(&rest, '\n', &line);
		if (record_decode(line, &r)) {
			entry_apply(e, &r);
			whole = text.len - rest.len;
		}
	}
	return whole;
}

size_t
entry_count(const struct entry *e, enum rcpt_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		n += e->status[i].state == state;
	return n;
}

size_t
entry_rcpts(const struct entry *e)
{
	return e->envelope.rcpt_count - entry_count(e, RCPT_ALIASED) -
	       entry_count(e, RCPT_DROPPED);
}

bool
entry_lacks(const struct entry *e, size_t rcpt)
{
	return e->status[rcpt].state != RCPT_DELIVERED &&
	       e->status[rcpt].state != RCPT_DROPPED;
}
