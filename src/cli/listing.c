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
	if (reason == NULL)
		return;
	fputs("        (", to);
	fputs(reason, to);
	fputs(")\n", to);
}

bool
listing_concerns(const struct rcpt_status *status)
{
	return status->state != RCPT_DELIVERED &&
	       status->state != RCPT_ALIASED && status->state != RCPT_DROPPED;
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

/* Right-aligned in eight columns. */
static char *
put_size(char *to, int64_t size)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = (char)('0' + size % 10);
	while ((size /= 10) > 0);
	for (int width = n; width < 8; width++)
		*to++ = ' ';
	while (n > 0)
		*to++ = digits[--n];
	return to;
}

/* Without printf's machinery: a listing has thousands of them. */
static void
show_columns(const struct listed *l, struct clock_quarter *quarter, FILE *to)
{
	char columns[ENTRY_ID_SIZE + 32 + CLOCK_TEXT_SIZE];
	char *at = stpcpy(columns, l->entry->id);

	*at++ = mark_of(l);
	*at++ = ' ';
	at = put_size(at, l->entry->size);
	*at++ = ' ';
	clock_mailq_many(quarter, l->entry->time, at);
	fputs(columns, to);
}

void
listing_text(const struct listed *l, struct listing_total *total, FILE *to)
{
	const struct entry *e = l->entry;
	const char *sender = e->envelope.sender;

	if (total->count == 0)
		fprintf(to, "%s\n", HEADING);
	total->count++;
	total->octets += e->size;
	show_columns(l, &total->quarter, to);
	fputs("  ", to);
	fputs(sender[0] ? sender : "MAILER-DAEMON", to);
	putc('\n', to);
	show_reason(e->trouble, to);
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		if (!listing_concerns(&e->status[i]))
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
