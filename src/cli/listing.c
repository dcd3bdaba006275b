/* SPDX-License-Identifier: ISC */
/* The queue in the layout of Postfix's mailq. */
#include "cli/listing.h"

#include "base/clock.h"

#define HEADING \
	"-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------"

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
	clock_mailq(e->time, when);
	fprintf(to, "%s%c %8lld %s  %s\n", e->id, mark_of(l),
	    (long long)e->size, when, sender[0] ? sender : "MAILER-DAEMON");
	show_reason(e->trouble, to);
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		if (e->status[i].state == RCPT_DELIVERED)
			continue;
		show_reason(e->status[i].text, to);
		fprintf(to, "%45s%s\n", "", e->envelope.rcpt[i].address);
	}
	fprintf(to, "\n");
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
