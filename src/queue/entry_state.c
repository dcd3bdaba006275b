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

void
entry_apply(struct entry *e, const struct record *r)
{
	switch (r->event) {
	case EVENT_ATTEMPT:
		e->attempts++;
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
		apply_to_recipients(e, r);
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
