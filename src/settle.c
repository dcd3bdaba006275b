/* SPDX-License-Identifier: ISC */
/* What becomes of an entry, in the queue, by what became of its recipients. */
#include "settle.h"

#include "base/clock.h"
#include "base/log.h"
#include "bounce.h"
#include "note.h"
#include "outcome.h"
#include "queue/schedule.h"

#include <stdio.h>
#include <sys/random.h>

/* Within so many seconds whoever waits for an outcome has heard it. */
#define CALLER_PATIENCE 60

static time_t
next_attempt(const struct schedule *s, const struct entry *e,
    const struct transaction *t)
{
	uint32_t chance = 0;

	/* Without chance a fleet is in step, and nothing worse. */
	(void)!getrandom(&chance, sizeof chance, GRND_NONBLOCK);
	if (outcome_count(t, OUTCOME_IN_DOUBT) > 0)
		return schedule_after_doubt(
		    s, e->attempts, clock_now(), chance);
	return schedule_next(s, e->attempts, clock_now(), chance);
}

static time_t
next_of(const struct job *j)
{
	/* No message is to blame, so none of them waits longer. */
	if (j->until != 0)
		return j->until;
	return next_attempt(&j->courier->schedule, &j->file->entry, j->t);
}

/* What happened cannot be written down, on a full disk perhaps; then it shall
 * at least not happen again with every flush. */
static enum settled
put_off(const struct job *j)
{
	struct error ignored;

	j->file->entry.attempts++;
	store_entry_defer(j->file, next_of(j), &ignored);
	return SETTLED_FAILED;
}

static enum settled
removed(const struct job *j, enum settled settled, struct error *err)
{
	struct error ignored;

	if (store_entry_remove(j->store, j->file, err) == 0)
		return settled;
	/* Whoever has it shall not get it again with the next flush. */
	if (entry_count(&j->file->entry, RCPT_WAITING) > 0)
		note_attempt(j->file, j->t, j->relay, j->trouble, &ignored);
	store_entry_defer(j->file, next_of(j), &ignored);
	return SETTLED_FAILED;
}

static size_t
count_failed(const struct entry *e)
{
	return entry_count(e, RCPT_REFUSED) + entry_count(e, RCPT_EXPIRED);
}

static enum settled
hold(const struct job *j, struct error *err)
{
	if (note_event(j->file, EVENT_HELD, NULL,
		"cannot be delivered, and has no sender to go back to; kept "
		"for a person",
		err) != 0 ||
	    store_entry_defer(j->file, STORE_NEVER, err) != 0)
		return SETTLED_FAILED;
	return SETTLED_HELD;
}

/*
 * Nobody waits any longer, and its sender is to be told: not everybody has it,
 * or success was to be told. It goes only when the report about it is in the
 * queue to stay. The record of that is for a crash between the two, if the
 * report is on its way by then.
 */
static enum settled
tell_sender(const struct job *j, struct error *err)
{
	enum settled told =
	    count_failed(&j->file->entry) > 0 ? SETTLED_RETURNED : SETTLED_TOLD;
	struct error ignored;

	if (j->file->entry.bounced)
		return removed(j, told, err);
	switch (bounce_settled(j->courier->config, j->store, j->file, err)) {
	case BOUNCE_QUEUED:
		note_event(j->file, EVENT_BOUNCED, NULL, "", &ignored);
		return removed(j, told, err);
	case BOUNCE_UNWANTED:
		return removed(j, SETTLED_UNWANTED, err);
	case BOUNCE_IMPOSSIBLE:
		return hold(j, err);
	case BOUNCE_FAILED:
		break;
	}
	return put_off(j);
}

/* Is what happened about the message, rather than about the relay? One that a
 * relay takes to its end and never answers is not sent for ever. */
static bool
is_answered(const struct job *j)
{
	return j->trouble[0] == '\0' ||
	       outcome_count(j->t, OUTCOME_IN_DOUBT) > 0;
}

/* Its time is over: whoever waits still, waits no longer. What is wrong with a
 * relay expires nothing. */
static int
expire(const struct job *j, struct error *err)
{
	const struct entry *e = &j->file->entry;
	char age[CLOCK_TEXT_SIZE], text[REPLY_TEXT_MAX];
	size_t first = 0;

	if (!is_answered(j) || entry_count(e, RCPT_WAITING) == 0 ||
	    !schedule_is_expired(
		&j->courier->schedule, e->time, clock_now(), e->answered))
		return 0;
	while (e->status[first].state != RCPT_WAITING)
		first++;
	clock_duration(clock_now() - e->time, age);
	snprintf(text, sizeof text, "given up after %s; last: %.900s", age,
	    e->status[first].text != NULL ? e->status[first].text : "");
	return note_event(j->file, EVENT_EXPIRED, NULL, text, err);
}

/* A notice is a service: its failure changes nothing. */
static void
warn(const struct job *j)
{
	const struct courier *c = j->courier;
	const struct entry *e = &j->file->entry;
	struct error failed;

	if (!is_answered(j) || e->warned ||
	    !schedule_wants_warning(&c->schedule, e->time, clock_now()))
		return;
	switch (bounce_delayed(
	    c->config, &c->schedule, j->store, j->file, &failed)) {
	case BOUNCE_QUEUED:
		note_event(j->file, EVENT_WARNED, NULL, "", &failed);
		break;
	case BOUNCE_FAILED:
		log_warning("%s: %s", e->id, failed.text);
		break;
	case BOUNCE_UNWANTED:
	case BOUNCE_IMPOSSIBLE:
		break;
	}
}

/* Refused for all, and who waits hears of it, and removes it. It stays until
 * then: should nobody hear, a flush tells the sender. */
static enum settled
refuse(const struct job *j, struct error *err)
{
	if (note_attempt(j->file, j->t, j->relay, j->trouble, err) != 0)
		return put_off(j);
	return store_entry_defer(j->file, clock_now() + CALLER_PATIENCE, err) ==
		       0
		   ? SETTLED_REFUSED
		   : SETTLED_FAILED;
}

/* Is success to be told, of now or of before? */
static bool
is_awaited(const struct job *j)
{
	for (size_t i = 0; i < j->t->envelope->rcpt_count; i++)
		if (note_is_relayed(j->t, i))
			return true;
	return bounce_is_due(&j->file->entry);
}

/*
 * All waiting recipients have their outcome now. Nothing is written down
 * before the file of a message that everybody has is gone, unless its sender
 * is to be told of that: between the relay's yes and that, nothing may fail.
 */
static enum settled
finish(const struct job *j, struct error *err)
{
	struct entry *e = &j->file->entry;
	size_t waiting = entry_count(e, RCPT_WAITING);
	size_t delivered = outcome_count(j->t, OUTCOME_ACCEPTED);
	size_t refused = outcome_count(j->t, OUTCOME_REFUSED);

	if (delivered == waiting && count_failed(e) == 0 && !is_awaited(j))
		return removed(j, SETTLED_SENT, err);
	if (j->give_back && refused > 0 && refused == entry_rcpts(e))
		return refuse(j, err);
	if (waiting > 0 &&
	    (note_attempt(j->file, j->t, j->relay, j->trouble, err) != 0 ||
		expire(j, err) != 0))
		return put_off(j);
	if (entry_count(e, RCPT_WAITING) == 0)
		return tell_sender(j, err);
	warn(j);
	return store_entry_defer(j->file, next_of(j), err) == 0
		   ? SETTLED_DEFERRED
		   : SETTLED_FAILED;
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

enum settled
settle(struct job *j, int rc, struct error *err)
{
	struct post *post = j->parcel.post;
	struct error failed = {0};
	enum settled settled;

	if (rc != 0 && j->t->corrupt)
		return set_aside(j->store, j->file->id, err);
	if (rc != 0 && err->kind == ERR_IO)
		return SETTLED_FAILED;
	j->relay = post != NULL ? post->relay->name : "";
	j->trouble = rc != 0 ? err->text : "";
	j->until = rc != 0 && j->parcel.unreached ? post->until : 0;
	settled = finish(j, &failed);
	if (settled == SETTLED_FAILED)
		*err = failed;
	else if (rc == 0)
		outcome_summarize(&j->file->entry, j->t, settled, err);
	if (settled != SETTLED_DEFERRED || rc == 0 || post == NULL)
		return settled;
	post->kept++;
	return SETTLED_KEPT;
}
