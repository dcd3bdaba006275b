/* SPDX-License-Identifier: ISC */
/* The verb of --flush: delivery does it all, in this process's place. */
#include "flush.h"

#include "base/buf.h"
#include "config/paths.h"

#include <stdlib.h>
#include <unistd.h>

int
flush(const struct options *o, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char **argv = must_calloc(o->argument_count + 10, sizeof *argv);
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
	argv[n++] = "--flush";
	argv[n++] = "--";
	for (size_t i = 0; i < o->argument_count; i++)
		argv[n++] = o->arguments[i];
	execv(program, (char *const *)(const void *)argv);
	error_errno(err, ERR_CONFIG, "%s: cannot start", program);
	free(path);
	free(argv);
	free(program);
	return -1;
}
