/* SPDX-License-Identifier: ISC */
/* One entry: its delivery, and what is written down of it. */
#include "deliver.h"

#include "base/clock.h"
#include "base/log.h"
#include "queue/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* The recipients that need nothing more, as an array for a transaction. */
static bool *
settled_of(const struct entry *e)
{
	bool *settled = must_calloc(e->envelope.rcpt_count, sizeof *settled);

	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		settled[i] = e->status[i].state != RCPT_WAITING;
	return settled;
}

static enum event
event_of(enum outcome outcome)
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

static size_t
count_outcome(const struct transaction *t, enum outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++)
		n += t->results[i].outcome == outcome;
	return n;
}

/* One line for each recipient that something happened to. */
static void
log_results(
    const struct entry *e, const struct transaction *t, const char *relay)
{
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (t->results[i].outcome != OUTCOME_NONE)
			log_info("%s: to=<%s> relay=%s %s: %s", e->id,
			    e->envelope.rcpt[i].address, relay,
			    event_name(event_of(t->results[i].outcome)),
			    transaction_text(t, i));
}

static int
append(struct entry_file *f, enum event event, size_t rcpt, const char *relay,
    const char *text, struct error *err)
{
	struct record r;

	record_set(&r, event, rcpt, relay, text);
	return store_entry_append(f, &r, err);
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
		    append(f, event_of(common[i]), RCPT_NONE, relay, t->text,
			err) != 0)
			return -1;
	return 0;
}

/* trouble: what was wrong with the relay, or "". */
static int
append_all(struct entry_file *f, const struct transaction *t, const char *relay,
    const char *trouble, struct error *err)
{
	if (append(f, EVENT_ATTEMPT, RCPT_NONE, relay, trouble, err) != 0 ||
	    append_common(f, t, relay, err) != 0)
		return -1;
	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		enum outcome outcome = t->results[i].outcome;
		bool said = t->results[i].text == NULL &&
			    (outcome == OUTCOME_DEFERRED ||
				outcome == OUTCOME_IN_DOUBT);

		if (outcome != OUTCOME_NONE && !said &&
		    append(f, event_of(outcome), i, relay,
			transaction_text(t, i), err) != 0)
			return -1;
	}
	return 0;
}

static time_t
next_attempt(const struct entry *e, const struct transaction *t)
{
	uint32_t chance = 0;

	/* Without chance a fleet is in step, and nothing worse. */
	(void)!getrandom(&chance, sizeof chance, GRND_NONBLOCK);
	if (count_outcome(t, OUTCOME_IN_DOUBT) > 0)
		return schedule_after_doubt(e->attempts, clock_now(), chance);
	return schedule_next(e->attempts, clock_now(), chance);
}

static int
hold(struct entry_file *f, struct error *err)
{
	if (append(f, EVENT_HELD, RCPT_NONE, NULL,
		"refused for good by the relay; kept for a person", err) != 0)
		return -1;
	return store_entry_defer(f, STORE_NEVER, err);
}

/* What happened cannot be written down, on a full disk perhaps; then it shall
 * at least not happen again with every flush. */
static enum settled
put_off(struct entry_file *f, const struct transaction *t)
{
	struct error ignored;

	f->entry.attempts++;
	store_entry_defer(f, next_attempt(&f->entry, t), &ignored);
	return SETTLED_FAILED;
}

/*
 * All waiting recipients have their outcome now. Nothing is written down
 * before the file of a message that everybody has is gone: between the
 * relay's yes and that, nothing may fail.
 */
static enum settled
settle(struct store *s, struct entry_file *f, const struct transaction *t,
    const char *relay, const char *trouble, bool give_back, struct error *err)
{
	struct entry *e = &f->entry;
	size_t waiting = entry_count(e, RCPT_WAITING);
	size_t delivered = count_outcome(t, OUTCOME_ACCEPTED);
	size_t refused = count_outcome(t, OUTCOME_REFUSED);

	if (delivered == waiting && entry_count(e, RCPT_REFUSED) == 0)
		return store_entry_remove(s, f, err) == 0 ? SETTLED_SENT
							  : SETTLED_FAILED;
	if (give_back && refused == e->envelope.rcpt_count)
		return store_entry_remove(s, f, err) == 0 ? SETTLED_REFUSED
							  : SETTLED_FAILED;
	if (append_all(f, t, relay, trouble, err) != 0)
		return put_off(f, t);
	if (delivered + refused == waiting)
		return hold(f, err) == 0 ? SETTLED_HELD : SETTLED_FAILED;
	return store_entry_defer(f, next_attempt(e, t), err) == 0
		   ? SETTLED_DEFERRED
		   : SETTLED_FAILED;
}

/* A phrase for one recipient; with others, for all that share its text. */
static void
add_phrase(struct buf *to, const char *address, size_t others, const char *verb,
    const char *text)
{
	buf_printf(to, "%s<%s>", to->len > 0 ? "; " : "", address);
	if (others > 0)
		buf_printf(to, " and %zu more", others);
	buf_printf(to, " %s: %s", verb, text);
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
			    event_name(event_of(outcome)), t->results[i].text);
		else if (common++ == 0)
			first = i;
	}
	if (common > 0)
		add_phrase(to, t->envelope->rcpt[first].address, common - 1,
		    event_name(event_of(t->results[first].outcome)), t->text);
}

/* Those that were refused, now or before. */
static void
add_refused(struct buf *to, const struct entry *e)
{
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (e->status[i].state == RCPT_REFUSED)
			add_phrase(to, e->envelope.rcpt[i].address, 0,
			    event_name(EVENT_REFUSED),
			    e->status[i].text ? e->status[i].text : "");
}

/* Says in one line what a person would want to know of a message: who did
 * not get it, and why; as many as the line can hold. */
static void
summarize(const struct entry *e, const struct transaction *t,
    enum settled settled, struct error *err)
{
	struct buf line;

	buf_init(&line, sizeof err->text - 128);
	if (settled == SETTLED_HELD)
		add_refused(&line, e);
	else
		add_results(&line, t);
	error_set(err,
	    settled == SETTLED_DEFERRED ? ERR_TEMPORARY : ERR_REFUSED, "%s%s%s",
	    buf_text(&line), buf_ok(&line) ? "" : " ...",
	    settled == SETTLED_HELD ? "; the message is held" : "");
	buf_release(&line);
}

/* The entry itself is at fault; no relay hears of it again. */
static enum settled
set_aside(struct store *s, const char *id, struct error *err)
{
	struct error failed;

	if (store_entry_aside(s, id, &failed) != 0) {
		*err = failed;
		return SETTLED_FAILED;
	}
	error_prefix(err, "moved aside");
	return SETTLED_BROKEN;
}

/* What to do after the relay has been asked. rc as of courier_send(). */
static enum settled
conclude(struct store *s, struct entry_file *f, const struct transaction *t,
    struct post *post, int rc, bool give_back, struct error *err)
{
	const char *relay = post != NULL ? post->relay->name : "";
	struct error failed = {0};
	enum settled settled;

	if (rc != 0 && t->corrupt)
		return set_aside(s, f->id, err);
	if (rc != 0 && err->kind == ERR_IO)
		return SETTLED_FAILED;
	settled = settle(
	    s, f, t, relay, rc != 0 ? err->text : "", give_back, &failed);
	if (settled == SETTLED_FAILED)
		*err = failed;
	else if (rc == 0)
		summarize(&f->entry, t, settled, err);
	if (settled != SETTLED_DEFERRED || rc == 0 || post == NULL)
		return settled;
	post->kept++;
	return SETTLED_KEPT;
}

enum settled
deliver_entry(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, struct error *err)
{
	bool *skip = settled_of(&f->entry);
	enum settled settled;
	struct transaction t;
	struct post *post = NULL;
	int rc;

	transaction_init(&t, &f->entry.envelope);
	t.skip = skip;
	t.fd = f->fd;
	t.size = f->entry.size;
	*err = (struct error){0};
	/* After a crash between the last refusal and "held" nobody waits. */
	rc = entry_count(&f->entry, RCPT_WAITING) > 0
		 ? courier_send(c, &f->entry, &t, f->message_at, &post, err)
		 : 0;
	if (rc == 1) {
		post->kept++;
		settled = SETTLED_KEPT;
	} else {
		log_results(&f->entry, &t, post ? post->relay->name : "-");
		if (rc != 0)
			log_warning("%s: %s", f->id, err->text);
		settled = conclude(s, f, &t, post, rc, give_back, err);
	}
	transaction_release(&t);
	free(skip);
	return settled;
}
