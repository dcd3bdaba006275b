/* SPDX-License-Identifier: ISC */
/* What becomes of each recipient. */
#include "delivery/transaction.h"

#include "base/buf.h"

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

static bool
is_skipped(const struct transaction *t, size_t i)
{
	return t->skip != NULL && t->skip[i];
}

bool
transaction_wants(const struct transaction *t, size_t i)
{
	return t->results[i].outcome == OUTCOME_NONE && !is_skipped(t, i);
}

bool
transaction_is_taken(const struct transaction *t, size_t i)
{
	const struct result *r = &t->results[i];

	return r->asked && !r->done && r->outcome == OUTCOME_ACCEPTED;
}

/* Has it no outcome that is final? */
static bool
is_open(const struct transaction *t, size_t i)
{
	const struct result *r = &t->results[i];

	return !r->done && !is_skipped(t, i) &&
	       (r->outcome == OUTCOME_NONE || r->outcome == OUTCOME_ACCEPTED);
}

void
transaction_settle(
    struct transaction *t, enum outcome outcome, const char *text)
{
	snprintf(t->text, sizeof t->text, "%s", text);
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (is_open(t, i))
			t->results[i].outcome = outcome;
}

static void
set_done(const struct transaction *t, struct result *r)
{
	r->no_dsn = r->done ? r->no_dsn : !t->dsn;
	r->done = true;
}

void
transaction_deliver(struct transaction *t, const char *text)
{
	transaction_settle(t, OUTCOME_ACCEPTED, text);
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].outcome == OUTCOME_ACCEPTED)
			set_done(t, &t->results[i]);
}

void
transaction_end_one(
    struct transaction *t, size_t i, enum outcome outcome, const char *text)
{
	struct result *r = &t->results[i];

	r->outcome = outcome;
	if (outcome == OUTCOME_ACCEPTED)
		set_done(t, r);
	free(r->text);
	r->text = must_strdup(text);
}

bool
transaction_abandon(struct transaction *t)
{
	bool open = false;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		if (!is_open(t, i))
			continue;
		t->results[i].outcome = OUTCOME_NONE;
		open = true;
	}
	return open;
}

static void
forget(struct result *r)
{
	free(r->text);
	*r = (struct result){.outcome = OUTCOME_NONE};
}

void
transaction_recall(struct transaction *t)
{
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		if (t->results[i].asked)
			forget(&t->results[i]);
}

/* What the last round was good for. */
struct round {
	size_t taken;   /* they have it */
	size_t settled; /* and these at least an answer of their own */
	size_t left;    /* they were not asked, or found no room */
	bool in_doubt;
};

static struct round
round_of(const struct transaction *t)
{
	struct round n = {0};

	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		const struct result *r = &t->results[i];

		n.taken += r->asked && r->done;
		n.settled += r->asked && !r->crowded &&
			     (r->done || r->outcome == OUTCOME_REFUSED ||
				 r->outcome == OUTCOME_DEFERRED);
		n.left += r->crowded || transaction_wants(t, i);
		n.in_doubt = n.in_doubt || r->outcome == OUTCOME_IN_DOUBT;
	}
	return n;
}

/* Was it good for enough that there is to be another? */
static bool
is_worth_more(struct transaction *t, const struct round *n)
{
	if (n->settled == 0 || n->left == 0)
		return false;
	return n->taken > 0 || t->vain++ < VAIN_ROUNDS_MAX;
}

static void
make_ready(struct transaction *t, bool nested)
{
	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		struct result *r = &t->results[i];

		/* What is said of the next transaction is not about them. */
		if (r->asked && r->done && r->text == NULL)
			r->text = must_strdup(t->text);
		if (r->crowded || (nested && r->asked && !r->done))
			forget(r);
		r->asked = false;
	}
	t->offered = t->offered || nested;
	t->nested = t->mail_refused = false;
	t->text[0] = '\0';
}

bool
transaction_again(struct transaction *t)
{
	bool nested = t->nested && !t->offered;
	struct round n = round_of(t);

	if (!nested && !is_worth_more(t, &n))
		return false;
	make_ready(t, nested);
	return true;
}

bool
transaction_resume(struct transaction *t)
{
	struct round n = round_of(t);
	bool unheard = !t->wary && n.left > ERRORS_MAX;

	if (t->corrupt || n.in_doubt || (!is_worth_more(t, &n) && !unheard))
		return false;
	make_ready(t, false);
	t->wary = true;
	return true;
}

void
transaction_again_as(struct transaction *t, const char *sender)
{
	t->sender = sender;
	t->mail_refused = false;
	memcpy(t->refusal, t->text, sizeof t->refusal);
	t->text[0] = '\0';
	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		forget(&t->results[i]);
}

int
transaction_judge(struct transaction *t, enum phase phase,
    const struct reply *r, struct error *err)
{
	struct verdict v = verdict_of(phase, r);

	t->pause = v.pause;
	if (v.scope == SCOPE_RELAY)
		return reply_fault(r, v.why, err);
	if (v.outcome == OUTCOME_ACCEPTED)
		return 1;
	t->mail_refused = phase == PHASE_MAIL && v.outcome == OUTCOME_REFUSED;
	transaction_settle(t, v.outcome, r->text);
	return 0;
}
