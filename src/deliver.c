/* SPDX-License-Identifier: ISC */
/* One entry: its delivery, and what is written down of it. */
#include "deliver.h"

#include "attempt_log.h"
#include "base/clock.h"
#include "base/log.h"
#include "bounce.h"
#include "message/message_id.h"
#include "note.h"
#include "outcome.h"
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

/* A delivery in hand. */
struct job {
	const struct courier *courier;
	struct store *store;
	struct entry_file *file;
	const struct transaction *t;
	const char *relay;   /* that was asked; "": none */
	const char *trouble; /* what was wrong with it; "": it answered */
	time_t until;        /* it was never reached, and is asked again then */
	bool give_back;
};

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
 * Nobody waits any longer, and not everybody has it. It goes only when the
 * report about it is in the queue to stay. The record of that is for a crash
 * between the two, if the report is on its way by then.
 */
static enum settled
give_up(const struct job *j, struct error *err)
{
	struct error ignored;

	if (j->file->entry.bounced)
		return removed(j, SETTLED_RETURNED, err);
	switch (bounce_failed(j->courier->config, j->store, j->file, err)) {
	case BOUNCE_QUEUED:
		note_event(j->file, EVENT_BOUNCED, NULL, "", &ignored);
		return removed(j, SETTLED_RETURNED, err);
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

static size_t
count_failed(const struct entry *e)
{
	return entry_count(e, RCPT_REFUSED) + entry_count(e, RCPT_EXPIRED);
}

/*
 * All waiting recipients have their outcome now. Nothing is written down
 * before the file of a message that everybody has is gone: between the
 * relay's yes and that, nothing may fail.
 */
static enum settled
settle(const struct job *j, struct error *err)
{
	struct entry *e = &j->file->entry;
	size_t waiting = entry_count(e, RCPT_WAITING);
	size_t delivered = outcome_count(j->t, OUTCOME_ACCEPTED);
	size_t refused = outcome_count(j->t, OUTCOME_REFUSED);

	if (delivered == waiting && count_failed(e) == 0)
		return removed(j, SETTLED_SENT, err);
	if (j->give_back && refused == e->envelope.rcpt_count)
		return removed(j, SETTLED_REFUSED, err);
	if (waiting > 0 &&
	    (note_attempt(j->file, j->t, j->relay, j->trouble, err) != 0 ||
		expire(j, err) != 0))
		return put_off(j);
	if (entry_count(e, RCPT_WAITING) == 0)
		return give_up(j, err);
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

/* What to do after the relay has been asked. rc as of courier_send(). */
static enum settled
conclude(struct job *j, struct post *post, int rc, struct error *err)
{
	struct error failed = {0};
	enum settled settled;

	if (rc != 0 && j->t->corrupt)
		return set_aside(j->store, j->file->id, err);
	if (rc != 0 && err->kind == ERR_IO)
		return SETTLED_FAILED;
	j->relay = post != NULL ? post->relay->name : "";
	j->trouble = rc != 0 ? err->text : "";
	j->until = rc != 0 && post != NULL && post->unreached ? post->until : 0;
	settled = settle(j, &failed);
	if (settled == SETTLED_FAILED)
		*err = failed;
	else if (rc == 0)
		outcome_summarize(&j->file->entry, j->t, settled, err);
	if (settled != SETTLED_DEFERRED || rc == 0 || post == NULL)
		return settled;
	post->kept++;
	return SETTLED_KEPT;
}

/* Behind all that must not wait for the log. trouble: what j->trouble was when
 * err was about that. What the attempt's line does not say has its own. */
static void
log_end(const struct job *j, const struct post *post, const char *trouble,
    enum settled settled, const struct error *err)
{
	struct entry_file *f = j->file;
	char message_id[MESSAGE_ID_SIZE];
	const struct attempt attempt = {.entry = &f->entry,
	    .t = j->t,
	    .post = post,
	    .message_id = message_id,
	    .trouble = j->trouble != NULL ? trouble : ""};

	message_id_read(f->fd, f->message_at, message_id);
	attempt_log(&attempt);
	if (settled == SETTLED_FAILED || settled == SETTLED_HELD ||
	    settled == SETTLED_BROKEN)
		log_warning("%s: %s", f->id, err->text);
}

enum settled
deliver_entry(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, struct error *err)
{
	bool *skip = settled_of(&f->entry);
	enum settled settled;
	struct transaction t;
	struct post *post = NULL;
	struct error asked;
	struct job job = {.courier = c,
	    .store = s,
	    .file = f,
	    .t = &t,
	    .give_back = give_back};
	int rc;

	transaction_init(&t, &f->entry.envelope);
	t.skip = skip;
	t.fd = f->fd;
	t.size = f->entry.size;
	*err = (struct error){0};
	/* After a crash between the last outcome and the report nobody waits.
	 */
	rc = entry_count(&f->entry, RCPT_WAITING) > 0
		 ? courier_send(c, &f->entry, &t, f->message_at, &post, err)
		 : 0;
	if (rc == 1) {
		post->kept++;
		settled = SETTLED_KEPT;
	} else {
		asked = *err;
		settled = conclude(&job, post, rc, err);
		log_end(&job, post, asked.text, settled, err);
	}
	transaction_release(&t);
	free(skip);
	return settled;
}
