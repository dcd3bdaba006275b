/* SPDX-License-Identifier: ISC */
/* The verb of --probe: delivery finds out, and this shows it. */
#include "probe.h"

#include "base/process.h"
#include "cli/probed.h"
#include "cli/visible.h"
#include "config/paths.h"
#include "gate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What servers say is no word to a terminal. */
static void
show_text(const char *key, const char *value)
{
	struct visible v;
	FILE *to = visible_open(&v, stdout);

	if (to == NULL)
		return;
	probed_text(key, value, to);
	fclose(to);
}

/* Passes on what comes, until it ends. */
static void
show(FILE *from, bool json)
{
	struct probed_json *p = json ? probed_json_begin(stdout) : NULL;
	char line[PROBED_VALUE_MAX + 32];

	while (fgets(line, sizeof line, from) != NULL) {
		char *value;

		line[strcspn(line, "\n")] = '\0';
		value = line + strcspn(line, " ");
		if (*value == ' ')
			*value++ = '\0';
		if (p != NULL)
			probed_json(p, line, value);
		else
			show_text(line, value);
		fflush(stdout);
	}
	if (p != NULL)
		probed_json_end(p);
}

static int
run(const char *const argv[], bool json, struct error *err)
{
	struct child child;
	FILE *from;
	int code;

	if (child_start(&child, argv, CHILD_STDOUT, err) != 0)
		return -1;
	from = fdopen(dup(child.from), "r");
	if (from != NULL) {
		show(from, json);
		fclose(from);
	}
	code = child_wait(&child);
	if (from == NULL || code < 0)
		return error_set(
		    err, ERR_TEMPORARY, "pillarbox-deliver has ended early");
	if (ferror(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return code;
}

int
probe(const struct options *o, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *relay = o->argument_count > 0 ? o->arguments[0] : o->relay;
	const char *argv[9];
	size_t n = 0;
	bool own;
	char *path = paths_config(o->config, &own);
	int code;

	argv[n++] = program;
	if (own) {
		argv[n++] = "--config";
		argv[n++] = path;
	}
	if (relay != NULL) {
		argv[n++] = "--relay";
		argv[n++] = relay;
	}
	if (o->verbose)
		argv[n++] = "--verbose";
	argv[n++] = "--probe";
	argv[n] = NULL;
	if (own || gate_helper_works(program))
		code = run(argv, o->json, err);
	else
		code = error_set(err, ERR_PERMISSION,
		    "%s cannot have its rights here (no setuid bit, or no new "
		    "privileges)",
		    program);
	free(path);
	free(program);
	return code;
}
