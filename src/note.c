/* SPDX-License-Identifier: ISC */
/* What happened to an entry, written down. */
#include "note.h"

#include "message/dsn.h"
#include "outcome.h"

#include <stdio.h>

static int
append(struct entry_file *f, enum event event, size_t rcpt, const char *relay,
    const char *text, struct error *err)
{
	struct record r;

	record_set(&r, event, rcpt, relay, text);
	return store_entry_append(f, &r, err);
}

int
note_event(struct entry_file *f, enum event event, const char *relay,
    const char *text, struct error *err)
{
	return append(f, event, RCPT_NONE, relay, text, err);
}

/* Has somebody that outcome by what was said of all? */
static bool
is_common(const struct transaction *t, enum outcome outcome)
{
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].outcome == outcome &&
		    t->results[i].text == NULL)
			return true;
	return false;
}

/* What was said of all that wait stands in one record, before those that have
 * an answer of their own: ten thousand recipients are put off in one line. */
static int
append_common(struct entry_file *f, const struct transaction *t,
    const char *relay, struct error *err)
{
	static const enum outcome common[] = {
	    OUTCOME_DEFERRED, OUTCOME_IN_DOUBT};

	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (is_common(t, common[i]) &&
		    append(f, outcome_event(common[i]), RCPT_NONE, relay,
			t->text, err) != 0)
			return -1;
	return 0;
}

/* The attempt itself; also that its sender was another than the entry's. */
static int
append_attempt(struct entry_file *f, const struct transaction *t,
    const char *relay, const char *trouble, struct error *err)
{
	char text[REPLY_TEXT_MAX];

	if (t->refusal[0] == '\0' || trouble[0] != '\0')
		return note_event(f, EVENT_ATTEMPT, relay, trouble, err);
	snprintf(text, sizeof text,
	    "the relay refused the null sender (%.600s); offered again as from "
	    "<%.254s>",
	    t->refusal, t->sender);
	return note_event(f, EVENT_ATTEMPT, relay, text, err);
}

bool
note_is_relayed(const struct transaction *t, size_t i)
{
	return t->results[i].done && t->results[i].no_dsn &&
	       t->envelope->sender[0] != '\0' &&
	       dsn_wants(t->envelope->rcpt[i].notify, "SUCCESS");
}

int
note_attempt(struct entry_file *f, const struct transaction *t,
    const char *relay, const char *trouble, struct error *err)
{
	if (append_attempt(f, t, relay, trouble, err) != 0 ||
	    append_common(f, t, relay, err) != 0)
		return -1;
	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		enum outcome outcome = t->results[i].outcome;
		bool said = t->results[i].text == NULL &&
			    (outcome == OUTCOME_DEFERRED ||
				outcome == OUTCOME_IN_DOUBT);

		/* First, lest a crash between the two forgets it. */
		if (note_is_relayed(t, i) &&
		    append(f, EVENT_RELAYED, i, relay, "the relay has no DSN",
			err) != 0)
			return -1;
		if (outcome != OUTCOME_NONE && !said &&
		    append(f, outcome_event(outcome), i, relay,
			transaction_text(t, i), err) != 0)
			return -1;
	}
	return 0;
}
