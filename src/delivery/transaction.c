/* SPDX-License-Identifier: ISC */
/* What becomes of each recipient. */
#include "delivery/transaction.h"

#include "base/buf.h"
#include "delivery/talk.h"

#include <stdio.h>
#include <stdlib.h>

void
transaction_init(struct transaction *t, const struct envelope *envelope)
{
	*t = (struct transaction){.envelope = envelope, .fd = -1};
	t->results = must_calloc(envelope->rcpt_count, sizeof t->results[0]);
}

void
transaction_release(struct transaction *t)
{
	for (size_t i = 0; t->results && i < t->envelope->rcpt_count; i++)
		free(t->results[i].text);
	free(t->results);
	t->results = NULL;
}

const char *
transaction_text(const struct transaction *t, size_t i)
{
	return t->results[i].text != NULL ? t->results[i].text : t->text;
}

void
transaction_settle(
    struct transaction *t, enum outcome outcome, const char *text)
{
	snprintf(t->text, sizeof t->text, "%s", text);
	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		bool open = t->results[i].outcome == OUTCOME_NONE ||
			    t->results[i].outcome == OUTCOME_ACCEPTED;

		if (open && (t->skip == NULL || !t->skip[i]))
			t->results[i].outcome = outcome;
	}
}

void
transaction_again_as(struct transaction *t, const char *sender)
{
	t->sender = sender;
	t->mail_refused = false;
	memcpy(t->refusal, t->text, sizeof t->refusal);
	t->text[0] = '\0';
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		t->results[i].outcome = OUTCOME_NONE;
}

int
transaction_judge(struct transaction *t, enum phase phase,
    const struct reply *r, struct error *err)
{
	struct verdict v = verdict_of(phase, r);

	t->pause = v.pause;
	if (v.scope == SCOPE_RELAY)
		return talk_fault(r, v.why, err);
	if (v.outcome == OUTCOME_ACCEPTED)
		return 1;
	t->mail_refused = phase == PHASE_MAIL && v.outcome == OUTCOME_REFUSED;
	transaction_settle(t, v.outcome, r->text);
	return 0;
}
