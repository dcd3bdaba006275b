/* SPDX-License-Identifier: ISC */
/* The queue in the layout of Postfix's mailq. */
#include "cli/listing.h"

#include "base/text.h"

#define HEADING \
	"-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------"

/* Where a recipient stands. */
#define INDENT "                                             "

/* Postfix marks what is being delivered and what is on hold. */
static char
mark_of(const struct listed *l)
{
	if (l->entry->held)
		return '!';
	return l->busy ? '*' : ' ';
}

static void
show_reason(const char *reason, FILE *to)
{
	if (reason != NULL)
		fprintf(to, "%8s(%s)\n", "", reason);
}

/* What is given up is told apart from what is refused by no word of a relay. */
static void
show_status(const struct rcpt_status *status, FILE *to)
{
	if (status->state == RCPT_EXPIRED)
		fprintf(to, "%8s(given up: %s)\n", "",
		    status->text != NULL ? status->text : "no answer");
	else
		show_reason(status->text, to);
}

void
listing_text(const struct listed *l, struct listing_total *total, FILE *to)
{
	const struct entry *e = l->entry;
	const char *sender = e->envelope.sender;
	char when[CLOCK_TEXT_SIZE];

	if (total->count == 0)
		fprintf(to, "%s\n", HEADING);
	total->count++;
	total->octets += e->size;
	clock_mailq_many(&total->quarter, e->time, when);
	fputs(e->id, to);
	fprintf(to, "%c %8lld ", mark_of(l), (long long)e->size);
	fputs(when, to);
	fputs("  ", to);
	fputs(sender[0] ? sender : "MAILER-DAEMON", to);
	putc('\n', to);
	show_reason(e->trouble, to);
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		if (e->status[i].state == RCPT_DELIVERED)
			continue;
		show_status(&e->status[i], to);
		fputs(INDENT, to);
		fputs(e->envelope.rcpt[i].address, to);
		putc('\n', to);
	}
	putc('\n', to);
}

void
listing_text_pause(
    const struct paused *p, size_t waiting, bool as_root, FILE *to)
{
	char since[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE], count[32];
	char whose[32] = "";

	clock_mailq(p->pause.since, since);
	clock_mailq(p->pause.until, until);
	text_count(count, sizeof count, waiting, "message");
	if (p->pause.uid != PAUSE_ALL)
		snprintf(whose, sizeof whose, " for uid %lu",
		    (unsigned long)p->pause.uid);
	fprintf(to,
	    "relay \"%s\": %s; out of order%s since %s, paused until %s; %s "
	    "queued; to try now%s: pillarbox --flush --force --relay %s\n",
	    p->relay, p->pause.why, whose, since, until, count,
	    as_root ? ", as root" : "", p->relay);
}

void
listing_text_end(const struct listing_total *total, FILE *to)
{
	if (total->count == 0)
		fprintf(to, "Mail queue is empty\n");
	else
		fprintf(to, "-- %lld Kbytes in %zu Request%s.\n",
		    (long long)((total->octets + 1023) / 1024), total->count,
		    total->count == 1 ? "" : "s");
}
