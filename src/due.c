/* SPDX-License-Identifier: ISC */
/* The verbs of delivery that work on the queue. */
#include "due.h"

#include "base/clock.h"
#include "base/log.h"
#include "cli/exitcode.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <string.h>
#include <unistd.h>

/* Of a message: to whoever is there, and to the log, since cron's output may
 * go nowhere. */
static void
say(const char *id, const struct error *err)
{
	fprintf(stderr, "pillarbox: %s: %s\n", id, err->text);
	log_warning("%s: %s", id, err->text);
}

struct flush {
	struct courier *courier;
	const struct due_options *options;
	struct store store;
	time_t now;
	bool stays;   /* something due is still there */
	bool missing; /* an id was named that is not in the queue */
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
	struct error ignored;
	const struct relay *relay;

	if (fl->options->relay == NULL)
		return true;
	relay = config_route(fl->courier->config, e->envelope.sender,
	    e->relay[0] ? e->relay : NULL, &ignored);
	return relay != NULL && strcmp(relay->name, fl->options->relay) == 0;
}

static void
flush_open(struct flush *fl, struct entry_file *f)
{
	struct error err;

	switch (deliver_entry(fl->courier, &fl->store, f, false, &err)) {
	case SETTLED_SENT:
		break;
	case SETTLED_KEPT:
		/* A relay that failed is reported once, at the end. */
		fl->stays = true;
		break;
	case SETTLED_DEFERRED:
	case SETTLED_FAILED:
		fl->stays = true;
		say(f->id, &err);
		break;
	case SETTLED_HELD:
	case SETTLED_REFUSED:
	case SETTLED_BROKEN:
		say(f->id, &err);
		break;
	}
}

static void
flush_one(struct flush *fl, const char *id)
{
	struct entry_file f;
	struct error err;

	switch (store_entry_open(&fl->store, id, &f, &err)) {
	case OPEN_DONE:
		if (f.entry.held && fl->options->id_count > 0)
			fprintf(stderr, "pillarbox: %s: is held\n", id);
		else if (is_due(fl, f.next) && !f.entry.held &&
			 is_for_relay(fl, &f.entry))
			flush_open(fl, &f);
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
		say(id, &err);
		break;
	}
}

static int
flush_all(struct flush *fl, struct error *err)
{
	struct queued *queue;
	size_t count;

	if (store_scan(&fl->store, &queue, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (is_due(fl, queue[i].next))
			flush_one(fl, queue[i].id);
	free(queue);
	return 0;
}

static int
open_queue(struct courier *c, struct store *s, struct error *err)
{
	bool ours = c->config->own || getuid() == geteuid();

	return store_open(s, c->config->queue_path, ours, err);
}

int
due_flush(struct courier *c, const struct due_options *o, struct error *err)
{
	struct flush fl = {.courier = c, .options = o, .now = clock_now()};
	int rc = 0;

	if (o->relay != NULL &&
	    config_route(c->config, "", o->relay, err) == NULL)
		return -1;
	if (!c->config->queue_enabled)
		return EX_OK;
	if (open_queue(c, &fl.store, err) != 0)
		return -1;
	store_sweep(&fl.store);
	if (o->id_count == 0)
		rc = flush_all(&fl, err);
	for (size_t i = 0; i < o->id_count; i++)
		flush_one(&fl, o->ids[i]);
	courier_report(c);
	store_close(&fl.store);
	if (rc != 0)
		return -1;
	if (fl.stays)
		return EX_TEMPFAIL;
	return fl.missing ? EX_USAGE : EX_OK;
}

/* How long it is until then, for a person. */
static void
say_queued(const struct entry_file *f, const struct error *why)
{
	char wait[CLOCK_TEXT_SIZE];

	clock_duration(f->next - clock_now(), wait);
	fprintf(stderr,
	    "pillarbox: %s: queued, not delivered: %s; next try "
	    "in %s\n",
	    f->id, why->text, wait);
}

/* Delivers an open entry; the exit code for who waits for it. */
static int
deliver_open(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, struct error *err)
{
	switch (deliver_entry(c, s, f, give_back, err)) {
	case SETTLED_SENT:
		break;
	case SETTLED_KEPT:
	case SETTLED_DEFERRED:
	case SETTLED_FAILED:
		say_queued(f, err);
		break;
	case SETTLED_HELD:
	case SETTLED_BROKEN:
		say(f->id, err);
		break;
	case SETTLED_REFUSED:
		return exitcode_report(err);
	}
	return EX_OK;
}

static int
deliver_one(
    struct courier *c, const char *id, bool give_back, struct error *err)
{
	struct entry_file f;
	struct store store;
	int code = EX_OK;

	if (open_queue(c, &store, err) != 0)
		return -1;
	switch (store_entry_open(&store, id, &f, err)) {
	case OPEN_DONE:
		code = deliver_open(c, &store, &f, give_back, err);
		store_entry_close(&f);
		break;
	case OPEN_FAILED:
	case OPEN_CORRUPT:
		say(id, err);
		break;
	case OPEN_BUSY:
	case OPEN_GONE:
		/* A flush has it, or had it. */
		break;
	}
	store_close(&store);
	return code;
}

int
due_now(struct courier *c, const char *id, struct error *err)
{
	return deliver_one(c, id, true, err);
}

int
due_background(struct courier *c, const char *id, struct error *err)
{
	return deliver_one(c, id, false, err);
}
