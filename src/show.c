/* SPDX-License-Identifier: ISC */
/* The verb of --show. */
#include "show.h"

#include "backlog.h"
#include "base/clock.h"
#include "base/id.h"
#include "config/config.h"

#include <stdio.h>
#include <sysexits.h>

static const char *
state_of(const struct rcpt_status *status)
{
	static const char *const words[] = {
	    [RCPT_WAITING] = "waits",
	    [RCPT_DELIVERED] = "has it",
	    [RCPT_REFUSED] = "was refused",
	    [RCPT_EXPIRED] = "was given up",
	};

	return words[status->state];
}

static void
show_envelope(const struct entry *e)
{
	char when[CLOCK_TEXT_SIZE];

	clock_mailq(e->time, when);
	printf(
	    "id        %s\naccepted  %s, from uid %lu\nsize      %lld bytes\n",
	    e->id, when, (unsigned long)e->uid, (long long)e->size);
	printf("from      <%s>\n", e->envelope.sender);
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		printf("to        <%s> %s%s%s\n", e->envelope.rcpt[i].address,
		    state_of(&e->status[i]), e->status[i].text ? ": " : "",
		    e->status[i].text ? e->status[i].text : "");
}

/* With the words of mailq. */
static void
show_pause(const struct pause *p)
{
	char since[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

	clock_mailq(p->since, since);
	clock_mailq(p->until, until);
	printf("paused    the relay, out of order since %s, paused until %s: "
	       "%s\n",
	    since, until, p->why);
}

static void
show_state(const struct listed *l)
{
	const struct entry *e = l->entry;
	char when[CLOCK_TEXT_SIZE];

	clock_mailq(l->next, when);
	printf("relay     %s\n", l->relay != NULL ? l->relay : "(none)");
	if (l->busy)
		printf("state     is being delivered now\n");
	else if (e->held)
		printf("state     held: %s\n", e->trouble ? e->trouble : "");
	else
		printf("state     waits, after %u attempt%s; due %s\n",
		    e->attempts, e->attempts == 1 ? "" : "s", when);
	if (!e->held && e->trouble != NULL)
		printf("trouble   %s\n", e->trouble);
	if (l->pause != NULL)
		show_pause(l->pause);
}

/* To whom it happened, in words. */
static const char *
whom(const struct entry *e, const struct record *r)
{
	if (r->rcpt < e->envelope.rcpt_count)
		return e->envelope.rcpt[r->rcpt].address;
	return NULL;
}

static void
show_record(const struct entry *e, const struct record *r)
{
	const char *address = whom(e, r);
	char when[CLOCK_TEXT_SIZE];

	if (r->event == EVENT_UNKNOWN)
		return;
	clock_mailq(r->when, when);
	printf("%s  %s", when, event_name(r->event));
	if (address != NULL)
		printf(" <%s>", address);
	if (r->relay[0] != '\0')
		printf(" relay \"%s\"", r->relay);
	printf("%s%s\n", r->text[0] ? ": " : "", r->text);
}

static void
show_records(const struct backlog *b)
{
	struct span rest = buf_span(&b->records), line;
	struct record r;

	while (span_cut(&rest, '\n', &line))
		if (record_decode(line, &r))
			show_record(&b->entry, &r);
}

static int
copy_message(struct backlog *b, struct error *err)
{
	static char block[IO_BLOCK];
	size_t n;

	putchar('\n');
	while ((n = fread(block, 1, sizeof block, b->from)) > 0)
		if (fwrite(block, 1, n, stdout) != n)
			break;
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_errno(err, ERR_IO, "stdout");
	return 0;
}

static int
show_all(struct backlog *b, struct error *err)
{
	struct listed l;
	int rc = backlog_next(b, &l, err);

	if (rc <= 0)
		return rc;
	show_envelope(l.entry);
	show_state(&l);
	show_records(b);
	return copy_message(b, err);
}

static int
show_one(const struct config *c, const char *id, struct error *err)
{
	struct error why = {0};
	struct backlog b;
	int rc, code;

	if (!c->queue_enabled || !id_is_valid(span_of(id)))
		return error_set(err, ERR_USAGE, "%.64s: not in the queue", id);
	if (backlog_show(&b, c, id, err) != 0)
		return -1;
	rc = show_all(&b, &why);
	if (rc < 0)
		error_prefix(&why, "%s", id);
	code = backlog_close(&b, err);
	if (rc == 0 || code < 0)
		return code;
	*err = why;
	return -1;
}

int
show(const struct options *o, struct error *err)
{
	struct config config;
	int code;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	code = show_one(&config, o->arguments[0], err);
	config_release(&config);
	return code;
}
