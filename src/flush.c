/* SPDX-License-Identifier: ISC */
/* The verb of --flush: delivery does it all, in this process's place. */
#include "flush.h"

#include "base/buf.h"
#include "config/config.h"
#include "config/paths.h"
#include "config/units.h"
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* What the store says when nothing is due. */
#define NOTHING_DUE 1

/* Who asked for it by hand shall know that it did something. */
static void
say_nothing_due(const struct options *o)
{
	if (o->verbose || isatty(STDERR_FILENO))
		fprintf(stderr,
		    "pillarbox: nothing is due; mailq shows what waits\n");
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

static int
start(const struct options *o, const char *every, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char **argv = must_calloc(o->argument_count + 13, sizeof *argv);
	bool own;
	char *path = paths_config(o->config, &own);
	size_t n = 0;

	argv[n++] = program;
	if (own) {
		argv[n++] = "--config";
		argv[n++] = path;
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
	argv[n++] = "--flush";
	argv[n++] = "--";
	for (size_t i = 0; i < o->argument_count; i++)
		argv[n++] = o->arguments[i];
	if (own || gate_helper_works(program)) {
		execv(program, (char *const *)(const void *)argv);
		error_errno(err, ERR_CONFIG, "%s: cannot start", program);
	} else {
		error_set(err, ERR_PERMISSION,
		    "%s cannot have its rights here (no setuid bit, or no new "
		    "privileges); pillarbox-flush.timer sends what is due",
		    program);
	}
	free(path);
	free(argv);
	free(program);
	return -1;
}

int
flush(const struct options *o, struct error *err)
{
	char every[32] = "";
	int code;

	if (o->every != NULL && read_every(o, every, err) != 0)
		return -1;
	if (o->every == NULL && !o->force && o->argument_count == 0) {
		code = ask_store(o, err);
		if (code == NOTHING_DUE)
			say_nothing_due(o);
		if (code != EX_OK)
			return code == NOTHING_DUE ? EX_OK : code;
	}
	return start(o, every, err);
}
