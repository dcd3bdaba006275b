/* SPDX-License-Identifier: ISC */
/* The verb of --show. */
#include "show.h"

#include "backlog.h"
#include "base/clock.h"
#include "base/id.h"
#include "cli/visible.h"
#include "config/config.h"

#include <stdio.h>
#include <unistd.h>

static const char *
state_of(const struct rcpt_status *status)
{
	static const char *const words[] = {
	    [RCPT_WAITING] = "waits",
	    [RCPT_DELIVERED] = "has it",
	    [RCPT_REFUSED] = "was refused",
	    [RCPT_EXPIRED] = "was given up",
	    [RCPT_ALIASED] = "is an alias",
	    [RCPT_DROPPED] = "stands for an alias no longer",
	};

	return words[status->state];
}

/* Whom it stands for. */
static void
show_alias(FILE *to, const struct entry *e, size_t rcpt)
{
	if (e->status[rcpt].alias < e->named)
		fprintf(to, " (alias %s)",
		    e->envelope.rcpt[e->status[rcpt].alias].address);
}

static void
show_envelope(FILE *to, const struct entry *e)
{
	char when[CLOCK_TEXT_SIZE];

	clock_mailq(e->time, when);
	fprintf(to,
	    "id        %s\naccepted  %s, from uid %lu\nsize      %lld bytes\n",
	    e->id, when, (unsigned long)e->uid, (long long)e->size);
	fprintf(to, "from      <%s>\n", e->envelope.sender);
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		fprintf(to, "to        <%s>", e->envelope.rcpt[i].address);
		show_alias(to, e, i);
		fprintf(to, " %s%s%s\n", state_of(&e->status[i]),
		    e->status[i].text ? ": " : "",
		    e->status[i].text ? e->status[i].text : "");
	}
}

/* With the words of mailq. */
static void
show_pause(FILE *to, const struct pause *p)
{
	char since[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

	clock_mailq(p->since, since);
	clock_mailq(p->until, until);
	fprintf(to,
	    "paused    the relay, out of order since %s, paused until %s: "
	    "%s\n",
	    since, until, p->why);
}

static void
show_state(FILE *to, const struct listed *l)
{
	const struct entry *e = l->entry;
	char when[CLOCK_TEXT_SIZE];

	clock_mailq(l->next, when);
	fprintf(to, "relay     %s\n", l->relay != NULL ? l->relay : "(none)");
	if (l->busy)
		fprintf(to, "state     is being delivered now\n");
	else if (e->held)
		fprintf(
		    to, "state     held: %s\n", e->trouble ? e->trouble : "");
	else
		fprintf(to, "state     waits, after %u attempt%s; due %s\n",
		    e->attempts, e->attempts == 1 ? "" : "s", when);
	if (!e->held && e->trouble != NULL)
		fprintf(to, "trouble   %s\n", e->trouble);
	if (l->pause != NULL)
		show_pause(to, l->pause);
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
show_record(FILE *to, const struct entry *e, const struct record *r)
{
	const char *address = whom(e, r);
	char when[CLOCK_TEXT_SIZE];

	if (r->event == EVENT_UNKNOWN)
		return;
	clock_mailq(r->when, when);
	fprintf(to, "%s  %s", when, event_name(r->event));
	if (address != NULL)
		fprintf(to, " <%s>", address);
	if (r->relay[0] != '\0')
		fprintf(to, " relay \"%s\"", r->relay);
	/* Its text says for machines whom it stands for. */
	if (r->event == EVENT_ALIASED && address != NULL) {
		show_alias(to, e, r->rcpt);
		putc('\n', to);
		return;
	}
	fprintf(to, "%s%s\n", r->text[0] ? ": " : "", r->text);
}

static void
show_records(FILE *to, const struct backlog *b)
{
	struct span rest = buf_span(&b->records), line;
	struct record r;

	while (span_cut(&rest, '\n', &line))
		if (record_decode(line, &r))
			show_record(to, &b->entry, &r);
}

static int
copy_message(FILE *to, struct backlog *b, struct error *err)
{
	static char block[IO_BLOCK];
	size_t n;

	putc('\n', to);
	while ((n = fread(block, 1, sizeof block, b->from)) > 0)
		if (fwrite(block, 1, n, to) != n)
			break;
	if (fflush(to) != 0 || ferror(to))
		return error_errno(err, ERR_IO, "stdout");
	return 0;
}

static int
show_all(FILE *to, struct backlog *b, struct error *err)
{
	struct listed l;
	int rc = backlog_next(b, &l, err);

	if (rc <= 0)
		return rc;
	show_envelope(to, l.entry);
	show_state(to, &l);
	show_records(to, b);
	return copy_message(to, b, err);
}

/* A terminal obeys control characters; a file or a pipe gets them as they
 * are. */
static int
show_safely(struct backlog *b, struct error *err)
{
	struct visible v;
	FILE *to;
	int rc;

	if (!isatty(STDOUT_FILENO))
		return show_all(stdout, b, err);
	to = visible_open(&v, stdout);
	if (to == NULL)
		return error_set(err, ERR_TEMPORARY, "out of memory");
	rc = show_all(to, b, err);
	fclose(to);
	if (rc == 0 && fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return rc;
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
	rc = show_safely(&b, &why);
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
