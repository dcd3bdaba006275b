/* SPDX-License-Identifier: ISC */
/* What delivery can be asked for: a table of verbs, and of what goes with
 * them. */
#include "call.h"

#include "base/io.h"
#include "consent.h"
#include "direct.h"
#include "giveback.h"
#include "inspect.h"
#include "secrets.h"

#include <getopt.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Who never says anything does not keep a process of ours. */
#define ID_PATIENCE_MS 60000

static int
run_flush(const struct call *call, struct courier *c, struct error *err)
{
	return call->ids ? due_listed(c, &call->due, err)
			 : due_flush(c, &call->due, err);
}

/*
 * The id of "-": a line of stdin, from a caller that has the message queued
 * meanwhile. False: it was not.
 */
static bool
hear_id(char id[ENTRY_ID_SIZE])
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	ssize_t n = -1;

	if (poll(&p, 1, ID_PATIENCE_MS) > 0)
		n = io_read(STDIN_FILENO, id, ENTRY_ID_SIZE);
	if (n < 2 || id[n - 1] != '\n')
		return false;
	id[n - 1] = '\0';
	return true;
}

static int
run_foreground(const struct call *call, struct courier *c, struct error *err)
{
	char heard[ENTRY_ID_SIZE];

	if (strcmp(call->id, "-") != 0)
		return due_now(c, call->id, err);
	return hear_id(heard) ? due_now(c, heard, err) : EX_OK;
}

/* Nobody listens; mailq and the log say what happened. */
static int
run_background(const struct call *call, struct courier *c, struct error *err)
{
	return due_background(c, call->id, err);
}

static int
run_direct(const struct call *call, struct courier *c, struct error *err)
{
	(void)call;
	return direct(c, STDIN_FILENO, err);
}

static int
run_bounce(const struct call *call, struct courier *c, struct error *err)
{
	(void)call;
	return giveback(c, err);
}

static int
run_probe(const struct call *call, struct courier *c, struct error *err)
{
	return inspect(c, call->due.relay, err);
}

static int
run_secrets(const struct call *call, struct courier *c, struct error *err)
{
	(void)call;
	return secrets(c->config, err);
}

static int
run_authorize(const struct call *call, struct courier *c, struct error *err)
{
	return consent(c->config, call->name, err);
}

/* No option sets the first member, so that 0 is none. */
#define TO(member) offsetof(struct call, member)

static const struct row {
	const char *name;
	size_t text; /* the member that its value goes to; 0: it has none */
	size_t flag; /* the bool that it sets */
	struct call_verb verb;
} table[] = {
    {"config", .text = TO(config)},
    {"relay", .text = TO(due.relay)},
    {"verbose", .flag = TO(verbose)},
    {"force", .flag = TO(due.force)},
    {"every", .text = TO(every)},
    {"json", .flag = TO(json)},
    {"ids", .flag = TO(ids)},
    {"flush", .verb = {.run = run_flush}},
    {"foreground", .text = TO(id), .verb = {.run = run_foreground}},
    {"background", .text = TO(id), .verb = {.run = run_background}},
    {"direct", .verb = {.run = run_direct}},
    {"bounce", .verb = {.run = run_bounce}},
    {"probe", .verb = {.run = run_probe}},
    {"secrets", .verb = {.run = run_secrets}},
    {"authorize", .text = TO(name), .verb = {run_authorize, .asks = true}},
};

#define ROW_COUNT (sizeof table / sizeof table[0])
#define ROW_FIRST 256 /* getopt's number of the first */

/* getopt(3)'s description of the table. */
static void
describe(struct option longs[ROW_COUNT + 1])
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		longs[i] = (struct option){.name = table[i].name,
		    .has_arg = table[i].text ? required_argument : no_argument,
		    .val = ROW_FIRST + (int)i};
	longs[ROW_COUNT] = (struct option){0};
}

static void
apply(struct call *call, const struct row *row, const char *value)
{
	if (row->verb.run != NULL)
		call->verb = &row->verb;
	if (row->text != 0)
		*(const char **)((char *)call + row->text) = value;
	if (row->flag != 0)
		*(bool *)((char *)call + row->flag) = true;
}

int
call_parse(int argc, char *const argv[], struct call *call, struct error *err)
{
	struct option longs[ROW_COUNT + 1];
	int c;

	*call = (struct call){0};
	describe(longs);
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+", longs, NULL)) >= ROW_FIRST)
		apply(call, &table[c - ROW_FIRST], optarg);
	if (c != -1 || call->verb == NULL)
		return error_set(err, ERR_USAGE,
		    "pillarbox-deliver is started by pillarbox");
	if (call->every != NULL)
		call->due.every = (time_t)strtol(call->every, NULL, 10);
	call->due.ids = (const char *const *)argv + optind;
	call->due.id_count = (size_t)(argc - optind);
	return 0;
}
