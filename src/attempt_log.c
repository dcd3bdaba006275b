/* SPDX-License-Identifier: ISC */
/* An attempt in the log. */
#include "attempt_log.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "message/enhanced_code.h"

#include <stdlib.h>
#include <string.h>

/* Of one attempt; a server can answer each of 10,000 recipients in its own
 * words, and --show has them all. */
#define LINES_MAX 100

/* What a recipient heard. status NULL: nothing. */
struct heard {
	const char *status, *text;
	const char *dsn; /* where the text has none */
};

static struct heard
heard_by(const struct attempt *a, size_t i)
{
	static const struct heard heard[] = {
	    [OUTCOME_NONE] = {"deferred", NULL, "4.0.0"},
	    [OUTCOME_ACCEPTED] = {"sent", NULL, "2.0.0"},
	    [OUTCOME_DEFERRED] = {"deferred", NULL, "4.0.0"},
	    [OUTCOME_REFUSED] = {"bounced", NULL, "5.0.0"},
	    [OUTCOME_IN_DOUBT] = {"in-doubt", NULL, "4.4.2"},
	};
	const struct rcpt_status *known = &a->entry->status[i];
	enum outcome outcome = a->t->results[i].outcome;
	struct heard h = heard[outcome];

	if (outcome == OUTCOME_NONE &&
	    (a->trouble[0] == '\0' || (a->t->skip != NULL && a->t->skip[i])))
		return (struct heard){0};
	h.text =
	    outcome == OUTCOME_NONE ? a->trouble : transaction_text(a->t, i);
	if ((outcome == OUTCOME_DEFERRED || outcome == OUTCOME_IN_DOUBT) &&
	    known->state == RCPT_EXPIRED && known->text != NULL)
		h = (struct heard){"expired", known->text, "4.4.7"};
	return h;
}

static bool
is_same(const struct heard *a, const struct heard *b)
{
	return b->status != NULL && strcmp(a->status, b->status) == 0 &&
	       strcmp(a->text, b->text) == 0;
}

/* The enhanced code of "550 5.1.1 No such user". */
static void
read_dsn(const struct heard *h, char to[12])
{
	struct span code = span("", 0);

	if (strspn(h->text, "0123456789") == 3 && h->text[3] == ' ')
		code = enhanced_code(span_of(h->text + 4), h->dsn[0]);
	text_copy(to, 12, code.len > 0 ? code : span_of(h->dsn));
}

static int64_t
delay_ms(const struct attempt *a)
{
	const struct entry *e = a->entry;
	int64_t arrived = a->arrived_us, now = clock_now_us();

	if (arrived == 0)
		arrived = id_time_us(e->id);
	/* That of a report is derived from another's. */
	if (arrived / 1000000 - e->time > 2 || e->time - arrived / 1000000 > 2)
		arrived = (int64_t)e->time * 1000000;
	return now > arrived ? (now - arrived) / 1000 : 0;
}

/* Only where something was: no reader expects it elsewhere. */
static void
log_rewrite(struct logline *l, const struct attempt *a)
{
	const struct authors_done *done = &a->rewrite->done;

	if (a->t->sender != NULL)
		logline_address(l, "orig-from", a->entry->envelope.sender);
	if (done->names[0] != '\0')
		logline_word(l, "rewritten", done->names);
	if (done->unsigned_now)
		logline_word(l, "broken", "DKIM-Signature");
}

/* What all lines of the attempt begin with. */
static struct logline *
begin(const struct attempt *a, bool warning, size_t count)
{
	const struct entry *e = a->entry;
	struct logline *l =
	    log_line(warning, e->id[0] != '\0' ? e->id : "NOQUEUE");

	logline_address(l, "from",
	    a->t->sender != NULL ? a->t->sender : e->envelope.sender);
	log_rewrite(l, a);
	logline_address(l, "message-id", a->message_id);
	logline_number(l, "size", e->size);
	logline_number(l, "uid", (int64_t)e->uid);
	logline_word(l, "via", a->post != NULL ? a->post->relay->name : "");
	logline_word(l, "tls", a->post != NULL ? a->peer->tls : "");
	logline_number(l, "nrcpt", (int64_t)count);
	return l;
}

/* A line for recipient i and those behind it that heard the same. */
static void
log_group(const struct attempt *a, size_t i, bool *done)
{
	const struct envelope *envelope = &a->entry->envelope;
	const struct heard heard = heard_by(a, i);
	struct logline *l;
	bool room = true;
	size_t count = 0;
	char dsn[12];

	for (size_t k = i; k < envelope->rcpt_count; k++) {
		const struct heard other = heard_by(a, k);

		count += !done[k] && is_same(&heard, &other);
	}
	l = begin(a, strcmp(heard.status, "sent") != 0, count);
	logline_list_begin(l, "to");
	for (size_t k = i; k < envelope->rcpt_count; k++) {
		const struct heard other = heard_by(a, k);

		if (done[k] || !is_same(&heard, &other))
			continue;
		done[k] = true;
		room = room &&
		       logline_list_add(l, "to", envelope->rcpt[k].address);
	}
	logline_list_end(l);
	read_dsn(&heard, dsn);
	logline_word(l, "relay", a->post != NULL ? a->peer->where : "");
	logline_seconds(l, "delay", delay_ms(a));
	logline_word(l, "dsn", dsn);
	logline_end(l, "status", heard.status, heard.text);
	log_write();
}

void
attempt_log(const struct attempt *a)
{
	size_t n = a->entry->envelope.rcpt_count, lines = 0, left = 0;
	/* Without memory there is no line, rather than no process. */
	bool *done = calloc(n, sizeof *done);

	for (size_t i = 0; done != NULL && i < n; i++) {
		if (done[i] || heard_by(a, i).status == NULL)
			continue;
		if (lines++ < LINES_MAX)
			log_group(a, i, done);
		else
			left++;
	}
	if (left > 0)
		log_info("%s: %zu more recipients, each with an answer of its "
			 "own; see --show",
		    a->entry->id, left);
	free(done);
}
