/* SPDX-License-Identifier: ISC */
/* The commands, from a table. */
#include "smtpd/commands.h"

#include "smtpd/reply.h"

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_MAYBE,
	ARGUMENT_NEEDED,
};

static void
begin(struct dialogue *g)
{
	dialogue_reset(g);
	g->state = STATE_READY;
}

static void
do_helo(struct dialogue *g, struct span argument)
{
	(void)argument;
	begin(g);
	reply(g, "250 %s", g->d->host_name);
}

static void
do_ehlo(struct dialogue *g, struct span argument)
{
	(void)argument;
	begin(g);
	reply(g, "250-%s", g->d->host_name);
	reply(g, "250-PIPELINING");
	reply(g, "250-SIZE %lld", (long long)g->d->size_max);
	reply(g, "250-8BITMIME");
	reply(g, "250-SMTPUTF8");
	reply(g, "250-DSN");
	reply(g, "250-CHUNKING");
	reply(g, "250-ENHANCEDSTATUSCODES");
	reply(g, "250 HELP");
}

/* alpine shows a person the last reply that it got, and that is to the RSET
 * which it says upon a refusal. It has half a line for it. */
static void
do_rset(struct dialogue *g, struct span argument)
{
	(void)argument;
	dialogue_reset(g);
	if (g->refusal[0] != '\0')
		reply(g, "250 2.0.0 reset: %s", g->refusal);
	else
		reply(g, "250 2.0.0 as if nothing had been said");
	g->refusal[0] = '\0';
}

static void
do_noop(struct dialogue *g, struct span argument)
{
	(void)argument;
	reply(g, "250 2.0.0 nothing done");
}

static void
do_quit(struct dialogue *g, struct span argument)
{
	(void)argument;
	g->over = true;
	reply(g, "221 2.0.0 %s closes", g->d->host_name);
}

static void
do_vrfy(struct dialogue *g, struct span argument)
{
	(void)argument;
	reply(g, "252 2.0.0 the relay knows; send it and see");
}

static void
refuse(struct dialogue *g, struct span argument)
{
	(void)argument;
	reply(g, "502 5.5.1 not done here");
}

/* A web client that somebody has sent here, who chose what it says next. */
static void
do_http(struct dialogue *g, struct span argument)
{
	(void)argument;
	g->over = true;
	reply(g, "421 4.7.0 %s speaks SMTP", g->d->host_name);
}

static command do_help;

static const struct entry {
	const char *name;
	unsigned states; /* in which it may be given */
	enum argument argument;
	bool at_once; /* its reply does not wait for others (RFC 2920 3.2) */
	command *run;
} table[] = {
    {"HELO", STATE_ANY, ARGUMENT_NEEDED, true, do_helo},
    {"EHLO", STATE_ANY, ARGUMENT_NEEDED, true, do_ehlo},
    {"MAIL", STATE_READY, ARGUMENT_NEEDED, false, take_mail},
    {"RCPT", STATE_MAIL | STATE_RCPT, ARGUMENT_NEEDED, false, take_rcpt},
    {"DATA", STATE_RCPT, ARGUMENT_NONE, true, take_data},
    /* What follows it must be taken in any state. */
    {"BDAT", STATE_ANY, ARGUMENT_MAYBE, false, take_bdat},
    {"RSET", STATE_ANY, ARGUMENT_NONE, false, do_rset},
    {"NOOP", STATE_ANY, ARGUMENT_MAYBE, true, do_noop},
    {"QUIT", STATE_ANY, ARGUMENT_NONE, true, do_quit},
    {"VRFY", STATE_ANY, ARGUMENT_NEEDED, true, do_vrfy},
    {"HELP", STATE_ANY, ARGUMENT_MAYBE, true, do_help},
    {"EXPN", STATE_ANY, ARGUMENT_MAYBE, true, refuse},
    {"AUTH", STATE_ANY, ARGUMENT_MAYBE, true, refuse},
    {"STARTTLS", STATE_ANY, ARGUMENT_MAYBE, true, refuse},
    {"GET", STATE_ANY, ARGUMENT_MAYBE, true, do_http},
    {"POST", STATE_ANY, ARGUMENT_MAYBE, true, do_http},
    {"PUT", STATE_ANY, ARGUMENT_MAYBE, true, do_http},
    {"CONNECT", STATE_ANY, ARGUMENT_MAYBE, true, do_http},
};

#define TABLE_COUNT (sizeof table / sizeof table[0])

static void
do_help(struct dialogue *g, struct span argument)
{
	char names[256] = "";

	(void)argument;
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (table[i].run != refuse && table[i].run != do_http) {
			strcat(names, " ");
			strcat(names, table[i].name);
		}
	reply(g, "214 2.0.0 these:%s; see pillarbox(1)", names);
}

/* What is to come before, or to be over first. */
static const char *
missing(const struct entry *e, enum state now)
{
	if (e->states < (unsigned)now)
		return "a message is under way; RSET gives it up";
	if (now == STATE_NEW)
		return "HELO or EHLO first";
	return now == STATE_READY ? "MAIL first" : "RCPT first";
}

static void
run(struct dialogue *g, const struct entry *e, struct span argument)
{
	if ((e->states & g->state) == 0)
		reply(g, "503 5.5.1 %s", missing(e, g->state));
	else if (e->argument == ARGUMENT_NONE && argument.len > 0)
		reply(g, "501 5.5.4 %s stands alone", e->name);
	else if (e->argument == ARGUMENT_NEEDED && argument.len == 0)
		reply(g, "501 5.5.4 %s needs more than its name", e->name);
	else
		e->run(g, argument);
	if (e->at_once)
		reply_flush(g);
}

/* What a refusal of it is about; of a message only that: when it is refused its
 * command is long gone. */
static struct span
subject_of(const struct entry *e, struct span line)
{
	if (e->run == take_mail || e->run == take_rcpt)
		return line;
	return e->run == take_data || e->run == take_bdat
		   ? span_of("the message")
		   : span("", 0);
}

void
commands_run(struct dialogue *g, struct span line)
{
	struct span name = span("", 0), rest = line;

	span_cut(&rest, ' ', &name);
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (span_is_nocase(name, table[i].name)) {
			g->asked = subject_of(&table[i], line);
			run(g, &table[i], span_trim(rest));
			g->asked = span("", 0);
			return;
		}
	reply(g, "500 5.5.2 no such command");
}
