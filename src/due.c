/* SPDX-License-Identifier: ISC */
/* The verb of delivery that takes all that is due. */
#include "due.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/exitcode.h"
#include "progress.h"
#include "queue/steer.h"
#include "resident.h"
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <string.h>
#include <unistd.h>

void
due_say(const char *id, uid_t uid, const struct error *err)
{
	if (!log_is_stderr() &&
	    (process_is_trusted() || uid == process_caller()))
		fprintf(stderr, "pillarbox: %s: %s\n", id, err->text);
	/* Of all others deliver.c has logged it. */
	if (uid == DUE_NOBODYS)
		log_warning("%s: %s", id, err->text);
}

bool
due_may_name(struct store *s, const char *id)
{
	return process_is_trusted() || steer_may_see(s, id, process_caller());
}

struct flush {
	struct courier *courier;
	const struct due_options *options;
	struct store store;
	time_t now;
	struct progress progress;
	bool stays;              /* something due is still there */
	bool missing;            /* an id was named that is not in the queue */
	struct queued *returned; /* entries that are gone, a report on each
				    being queued */
	size_t returned_count;
	struct turns turns;
	bool in_turns; /* others wait for what goes first */
};

/* Is it this entry's turn? Asked again under its lock. */
static bool
is_due(const struct flush *fl, time_t next)
{
	if (fl->options->id_count > 0 || next <= fl->now)
		return true;
	return fl->options->force && next != STORE_NEVER;
}

static bool
is_for_relay(const struct flush *fl, const struct entry *e)
{
	const char *name = fl->options->relay;
	struct error ignored;
	const struct post *post = post_find(fl->courier, e, &ignored);

	/* What has no way has its trouble said by a flush of all. */
	if (post == NULL)
		return name == NULL;
	return !post->elsewhere &&
	       (name == NULL || strcmp(post->relay->name, name) == 0);
}

static void
tell(struct flush *fl, const char *id, uid_t uid, const struct error *err)
{
	progress_clear(&fl->progress);
	due_say(id, uid, err);
}

static void
note_returned(struct flush *fl, const char *id)
{
	size_t n = fl->returned_count++;

	fl->returned =
	    must_realloc(fl->returned, n + 1, sizeof fl->returned[0]);
	text_copy(fl->returned[n].id, sizeof fl->returned[n].id, span_of(id));
}

static void
end_one(void *context, struct entry_file *f, enum settled settled,
    struct error *err)
{
	struct flush *fl = context;

	switch (settled) {
	case SETTLED_SENT:
		break;
	case SETTLED_KEPT:
		/* A relay that failed is reported once, at the end. */
		fl->stays = true;
		break;
	case SETTLED_DEFERRED:
	case SETTLED_FAILED:
		fl->stays = true;
		tell(fl, f->id, f->entry.uid, err);
		break;
	case SETTLED_RETURNED:
		note_returned(fl, f->id);
		/* FALLTHROUGH */
	case SETTLED_UNWANTED:
	case SETTLED_HELD:
	case SETTLED_REFUSED:
	case SETTLED_BROKEN:
		tell(fl, f->id, f->entry.uid, err);
		break;
	}
	store_entry_close(f);
}

/* Is it the turn of the entry's user? */
static bool
may_go(struct flush *fl, const struct entry *e)
{
	if (!fl->in_turns)
		return true;
	if (!turns_may(&fl->turns, e->uid))
		return false;
	turns_use(&fl->turns, e->uid, entry_count(e, RCPT_WAITING));
	return true;
}

/* False: not in this round; *uid is whose it is. */
static bool
flush_one(struct flush *fl, const char *id, uid_t *uid)
{
	bool put_off = false;
	enum open_result result = OPEN_GONE;
	struct entry_file f;
	struct error err;

	/* A process is never safe from who started it, by a control group of
	 * its own: so it has in hand what is that one's, and no more. */
	if (due_may_name(&fl->store, id))
		result = store_entry_open(&fl->store, id, &f, &err);
	switch (result) {
	case OPEN_DONE:
		if (f.entry.held && fl->options->id_count > 0)
			fprintf(stderr, "pillarbox: %s: is held\n", id);
		else if (is_due(fl, f.next) && !f.entry.held &&
			 is_for_relay(fl, &f.entry)) {
			*uid = f.entry.uid;
			put_off = !may_go(fl, &f.entry);
			if (!put_off)
				deliver_push(fl->courier, &fl->store, &f, false,
				    end_one, fl);
		}
		store_entry_close(&f);
		break;
	case OPEN_GONE:
		if (fl->options->id_count == 0)
			break;
		fl->missing = true;
		fprintf(stderr, "pillarbox: %s: not in the queue\n", id);
		break;
	case OPEN_BUSY:
		break;
	case OPEN_FAILED:
		fl->stays = true;
		/* FALLTHROUGH */
	case OPEN_CORRUPT:
		tell(fl, id, DUE_NOBODYS, &err);
		break;
	}
	return !put_off;
}

/* Settles what can be, or all; and delivers the reports that were made of
 * it: their senders need not wait for the next flush. */
static void
settle(struct flush *fl, bool all)
{
	char report[ENTRY_ID_SIZE];
	bool in_turns = fl->in_turns;
	uid_t uid;

	fl->in_turns = false;
	deliver_settle(fl->courier, all);
	while (fl->returned_count > 0) {
		id_derive(
		    fl->returned[--fl->returned_count].id, ID_REPORT, report);
		fl->now = clock_now();
		flush_one(fl, report, &uid);
		deliver_settle(fl->courier, all);
	}
	fl->in_turns = in_turns;
}

/* What a flush has yet to look at, oldest first. */
struct pending {
	struct queued *queue;
	uid_t *uid; /* of each; DUE_NOBODYS: not known yet */
	size_t count;
};

/* One round; what is not its user's turn is kept for the next one, and not
 * opened again before it is. False: there is no use in going on. */
static bool
flush_round(struct flush *fl, struct pending *p)
{
	size_t count = p->count, i;

	p->count = 0;
	turns_next(&fl->turns);
	for (i = 0; i < count && !resident_is_over(); i++) {
		uid_t uid = p->uid[i];

		if (process_is_trusted() &&
		    courier_skip(fl->courier, p->count + count - i))
			break;
		if (turns_may(&fl->turns, uid) &&
		    flush_one(fl, p->queue[i].id, &uid)) {
			settle(fl, false);
			progress_step(&fl->progress);
			continue;
		}
		p->queue[p->count] = p->queue[i];
		p->uid[p->count++] = uid;
	}
	return i == count;
}

static int
flush_all(struct flush *fl, struct error *err)
{
	time_t when = fl->options->force ? STORE_NEVER - 1 : fl->now;
	struct pending p = {0};
	bool on = true;

	if (store_due(&fl->store, when, &p.queue, &p.count, err) != 0)
		return -1;
	/* Another one sees to it. A person who insists sees what happens. */
	if (p.count > 0 && !fl->courier->insist &&
	    !courier_take_turns(fl->courier, fl->options->relay)) {
		free(p.queue);
		return 0;
	}
	p.uid = must_calloc(p.count + 1, sizeof p.uid[0]);
	for (size_t i = 0; i < p.count; i++)
		p.uid[i] = DUE_NOBODYS;
	progress_begin(&fl->progress, fl->courier->verbose ? 0 : p.count);
	fl->in_turns = process_is_trusted() && !fl->courier->config->own;
	while (on && p.count > 0)
		on = flush_round(fl, &p);
	settle(fl, true);
	fl->in_turns = false;
	fl->stays = fl->stays || !on;
	progress_end(&fl->progress);
	turns_release(&fl->turns);
	free(p.queue);
	free(p.uid);
	return 0;
}

int
due_open_queue(struct courier *c, struct store *s, struct error *err)
{
	bool ours = c->config->own || process_caller() == geteuid();

	return store_open(s, c->config->queue_path, ours, err);
}

/* One round. */
static int
flush(struct courier *c, const struct due_options *o, struct error *err)
{
	struct flush fl = {.courier = c, .options = o, .now = clock_now()};
	uid_t uid;
	int rc = 0;

	if (o->force && !process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--force is for root, or the owner of the queue");
	if (o->relay != NULL &&
	    config_route(c->config, "", o->relay, err) == NULL)
		return -1;
	if (!c->config->queue_enabled)
		return EX_OK;
	if (due_open_queue(c, &fl.store, err) != 0)
		return -1;
	c->store = &fl.store;
	c->insist = process_is_trusted() && (o->force || o->id_count > 0);
	c->verbose = c->verbose && process_is_trusted();
	c->passes = true;
	store_sweep(&fl.store);
	if (o->id_count == 0)
		rc = flush_all(&fl, err);
	for (size_t i = 0; i < o->id_count; i++) {
		flush_one(&fl, o->ids[i], &uid);
		settle(&fl, false);
	}
	settle(&fl, true);
	free(fl.returned);
	courier_report(c);
	courier_rest(c);
	c->store = NULL;
	store_close(&fl.store);
	if (rc != 0)
		return -1;
	if (fl.stays)
		return EX_TEMPFAIL;
	return fl.missing ? EX_USAGE : EX_OK;
}

int
due_flush(struct courier *c, const struct due_options *o, struct error *err)
{
	int code;

	if (o->every == 0)
		return flush(c, o, err);
	if (!process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--every is for root, or the owner of the queue");
	resident_begin();
	c->resident = true;
	do {
		code = flush(c, o, err);
	} while (code >= 0 && resident_sleep(o->every));
	return code >= 0 ? EX_OK : code;
}
