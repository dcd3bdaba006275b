/* SPDX-License-Identifier: ISC */
/* DATA and BDAT: the message itself. */

#include "base/text.h"
#include "smtpd/reply.h"

/* From now on the message is read and not kept. */
static void
spoil(struct dialogue *g, const struct error *why)
{
	g->spoilt = true;
	g->why = *why;
	outgoing_release(g->d->message);
	outgoing_init(g->d->message, g->d->size_max);
}

static void
keep(struct dialogue *g, struct span text)
{
	struct error err;

	if (!g->spoilt && intake_take(&g->d->message->in, text, &err) != 0)
		spoil(g, &err);
}

static int
take(struct dialogue *g, char *id, size_t size, struct error *err)
{
	if (g->spoilt) {
		*err = g->why;
		return -1;
	}
	if (intake_end(&g->d->message->in, err) != 0)
		return -1;
	return g->d->take(g->d->context, id, size, err);
}

/* It has come to its end; the client knows only then that it is safe. */
static void
finish(struct dialogue *g)
{
	struct error err;
	char id[64] = "";

	if (take(g, id, sizeof id, &err) != 0)
		reply_error(g, &err);
	else
		reply(g, "250 2.0.0 %s%s", id,
		    id[0] != '\0' ? " queued" : "sent");
	dialogue_reset(g);
	reply_flush(g);
}

/* Some of it is in the block of the input; false: the input has ended. */
static bool
wait_for_more(struct dialogue *g)
{
	if (input_is_idle(&g->in))
		reply_flush(g);
	return !g->deaf && input_fill(&g->in);
}

void
take_data(struct dialogue *g, struct span argument)
{
	struct input *in = &g->in;

	(void)argument;
	reply(g, "354 the message, and a dot in a line of its own");
	reply_flush(g);
	unstuff_init(&g->unstuff, in->line_end == LINE_END_LF);
	while (!g->unstuff.ended && wait_for_more(g)) {
		in->at += unstuff_take(
		    &g->unstuff, in->block + in->at, in->len - in->at, g->text);
		keep(g, span(g->text, g->unstuff.len));
	}
	if (g->unstuff.ended)
		finish(g);
}

/* Takes the octets that follow BDAT, whether they are of use or not: else they
 * would be taken for commands. False: the input ended before. */
static bool
take_chunk(struct dialogue *g, unsigned long long size, bool wanted)
{
	struct input *in = &g->in;

	while (size > 0 && wait_for_more(g)) {
		struct span some = span(in->block + in->at, in->len - in->at);

		if (some.len > size)
			some.len = (size_t)size;
		in->at += some.len;
		size -= some.len;
		if (wanted)
			keep(g, some);
	}
	return size == 0;
}

/* RFC 3030 2: "SIZE" or "SIZE LAST". */
static bool
read_size(struct span argument, unsigned long long *size, bool *last)
{
	struct span word = span("", 0);

	span_cut(&argument, ' ', &word);
	argument = span_trim(argument);
	*last = span_is_nocase(argument, "LAST");
	return text_number(word, INT64_MAX, size) &&
	       (*last || argument.len == 0);
}

void
take_bdat(struct dialogue *g, struct span argument)
{
	bool wanted = (g->state & (STATE_RCPT | STATE_CHUNKS)) != 0;
	unsigned long long size;
	bool last;

	if (!read_size(argument, &size, &last)) {
		/* What comes next may be anything but a command. */
		g->over = true;
		reply(g, "421 4.5.4 BDAT needs the number of its octets");
		return;
	}
	if (g->state == STATE_RCPT)
		g->state = STATE_CHUNKS;
	if (!take_chunk(g, size, wanted))
		return;
	if (!wanted) {
		reply(g, "503 5.5.1 no recipient for this");
	} else if (last) {
		finish(g);
	} else if (g->spoilt) {
		reply_error(g, &g->why);
		dialogue_reset(g);
	} else {
		reply(g, "250 2.0.0 %llu octets taken", size);
	}
}
