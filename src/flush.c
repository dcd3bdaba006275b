/* SPDX-License-Identifier: ISC */
/* The verb of --flush: delivery does it all, in this process's place. */
#include "flush.h"

#include "base/buf.h"
#include "base/io.h"
#include "base/process.h"
#include "cli/picks.h"
#include "config/config.h"
#include "config/paths.h"
#include "config/units.h"
#include "gate.h"
#include "selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* What the store says when nothing is due. */
#define NOTHING_DUE 1

/* Who asked for it by hand shall know that it did something. */
static void
say_nothing(const struct options *o, const char *what)
{
	if (o->verbose || isatty(STDERR_FILENO))
		fprintf(
		    stderr, "pillarbox: %s; mailq shows what waits\n", what);
}

/*
 * Asks the store, which starts in a tenth of the time that delivery needs to
 * load what it needs for the network. EX_OK: go on; NOTHING_DUE; another code,
 * of which the caller was told; -1 with err.
 */
static int
ask_store(const struct options *o, struct error *err)
{
	struct config config;
	struct gate gate;
	int code = NOTHING_DUE;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	if (o->relay != NULL &&
	    config_route(&config, "", o->relay, err) == NULL)
		code = -1;
	else if (config.queue_enabled)
		code = gate_open(&gate, &config, "due", NULL, 0, err) == 0
			   ? gate_close(&gate, err)
			   : -1;
	config_release(&config);
	return code;
}

static int
read_every(const struct options *o, char seconds[32], struct error *err)
{
	int64_t ms;

	if (!units_duration(o->every, &ms) || ms < 1000)
		return error_set(err, ERR_USAGE,
		    "--every is \"%s\"; write a time such as \"60s\" or \"5m\"",
		    o->every);
	snprintf(seconds, 32, "%lld", (long long)(ms / 1000));
	return 0;
}

/* The argv of delivery; what it points to is o's, or the caller's. */
static const char **
arguments(const struct options *o, const char *program, const char *config,
    const char *every, bool ids_follow)
{
	const char **argv = must_calloc(o->argument_count + 14, sizeof *argv);
	size_t n = 0;

	argv[n++] = program;
	if (config != NULL) {
		argv[n++] = "--config";
		argv[n++] = config;
	}
	if (o->relay != NULL) {
		argv[n++] = "--relay";
		argv[n++] = o->relay;
	}
	if (o->verbose)
		argv[n++] = "--verbose";
	if (o->force)
		argv[n++] = "--force";
	if (o->json)
		argv[n++] = "--json";
	if (o->every != NULL) {
		argv[n++] = "--every";
		argv[n++] = every;
	}
	if (ids_follow)
		argv[n++] = "--ids";
	argv[n++] = "--flush";
	argv[n++] = "--";
	for (size_t i = 0; i < o->argument_count; i++)
		argv[n++] = o->arguments[i];
	return argv;
}

/* With ids: gives them to it, since they may be more than an argv holds. */
static int
run(const char *const argv[], const struct span *ids, struct error *err)
{
	struct child child;
	int code;

	if (ids == NULL) {
		execv(argv[0], (char *const *)(const void *)argv);
		return error_errno(
		    err, ERR_CONFIG, "%s: cannot start", argv[0]);
	}
	if (child_start(&child, argv, CHILD_STDIN, err) != 0)
		return -1;
	/* One that has ended says why. */
	io_write(child.to, ids->at, ids->len);
	code = child_wait(&child);
	return code >= 0
		   ? code
		   : error_set(err, ERR_TEMPORARY, "%s was killed", argv[0]);
}

static int
start(const struct options *o, const char *every, const struct span *ids,
    struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	bool own;
	char *path = paths_config(o->config, &own);
	const char **argv =
	    arguments(o, program, own ? path : NULL, every, ids != NULL);
	int code;

	if (own || gate_helper_works(program))
		code = run(argv, ids, err);
	else
		code = error_set(err, ERR_PERMISSION,
		    "%s cannot have its rights here (no setuid bit, or no new "
		    "privileges); pillarbox-flush.timer sends what is due",
		    program);
	free(path);
	free(argv);
	free(program);
	return code;
}

static int
select_picked(const struct options *o, struct selection *s, struct error *err)
{
	struct config config;
	int code;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	code = selection_make(s, o, &config, err);
	config_release(&config);
	return code;
}

/* Some of the queue, which the store lists: as far as the caller may see. */
static int
flush_picked(const struct options *o, struct error *err)
{
	struct selection s = {0};
	struct span ids;
	int code = select_picked(o, &s, err);

	ids = buf_span(&s.ids);
	if (code == EX_OK && ids.len > 0)
		code = start(o, "", &ids, err);
	else if (code == EX_OK)
		say_nothing(o, "no message is like that");
	selection_release(&s);
	return code;
}

int
flush(const struct options *o, struct error *err)
{
	char every[32] = "";
	int code;

	if (picks_any(&o->picks))
		return flush_picked(o, err);
	if (o->every != NULL && read_every(o, every, err) != 0)
		return -1;
	if (o->every == NULL && !o->force && o->argument_count == 0) {
		code = ask_store(o, err);
		if (code == NOTHING_DUE)
			say_nothing(o, "nothing is due");
		if (code != EX_OK)
			return code == NOTHING_DUE ? EX_OK : code;
	}
	return start(o, every, NULL, err);
}
