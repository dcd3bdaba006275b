/* SPDX-License-Identifier: ISC */
/* The verb of delivery that takes one message while its caller waits. */
#include "due.h"

#include "base/clock.h"
#include "base/id.h"
#include "cli/exitcode.h"

#include <stdio.h>
#include <sysexits.h>

/* Until when the relay that kept it is paused; 0: none did. */
static time_t
paused_until(const struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++)
		if (c->posts[i].kept > 0)
			return c->posts[i].until;
	return 0;
}

/* How long it is until then, for a person. */
static void
say_queued(const struct courier *c, const struct entry_file *f,
    const struct error *why)
{
	time_t until = paused_until(c), now = clock_now();
	char when[CLOCK_TEXT_SIZE];

	fprintf(stderr, "pillarbox: %s: queued, not delivered: %s", f->id,
	    why->text);
	/* One for a relay that is paused stays due, and waits for that. */
	if (until > now && until > f->next) {
		clock_mailq(until, when);
		fprintf(stderr, "; the relay is paused until %s", when);
	} else if (f->next > now) {
		clock_duration(f->next - now, when);
		fprintf(stderr, "; next try in %s", when);
	}
	putc('\n', stderr);
}

void
due_say_settled(const struct courier *c, const struct entry_file *f,
    enum settled settled, const struct error *why)
{
	if (settled_waits(settled))
		say_queued(c, f, why);
	else if (!settled_is_well(settled))
		due_say(f->id, f->entry.uid, why);
}

/* The report on an entry, in the same session; if that fails, a flush does
 * it. */
static void
deliver_report(struct courier *c, struct store *s, const char *id)
{
	char report[ENTRY_ID_SIZE];
	struct entry_file f;
	struct error err;

	id_derive(id, ID_REPORT, report);
	if (store_entry_open(s, report, &f, &err) != OPEN_DONE)
		return;
	deliver_entry(c, s, &f, false, &err);
	store_entry_close(&f);
}

/* Delivers an open entry; the exit code for who waits for it. */
static int
deliver_open(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, struct error *err)
{
	enum settled settled = deliver_entry(c, s, f, give_back, err);

	if (settled == SETTLED_REFUSED)
		return exitcode_report(err);
	due_say_settled(c, f, settled, err);
	if (settled_is_reported(settled))
		deliver_report(c, s, f->id);
	return EX_OK;
}

int
due_one(struct courier *c, struct store *s, const char *id, bool give_back,
    struct error *err)
{
	enum open_result result = OPEN_GONE;
	struct entry_file f;
	int code = EX_OK;

	if (due_may_name(s, id))
		result = store_entry_open(s, id, &f, err);
	switch (result) {
	case OPEN_DONE:
		code = deliver_open(c, s, &f, give_back, err);
		store_entry_close(&f);
		break;
	case OPEN_FAILED:
	case OPEN_CORRUPT:
		due_say(id, DUE_NOBODYS, err);
		break;
	case OPEN_BUSY:
	case OPEN_GONE:
		/* A flush has it, or had it. */
		break;
	}
	return code;
}

int
due_now(struct courier *c, const char *id, struct error *err)
{
	struct store store;
	int code;

	c->deadline_ms =
	    clock_monotonic_ms() + c->config->foreground_timeout_ms;

	if (due_open_queue(c, &store, err) != 0)
		return -1;
	c->store = &store;
	c->passes = true;
	code = due_one(c, &store, id, true, err);
	courier_rest(c);
	c->store = NULL;
	store_close(&store);
	return code;
}
