/* SPDX-License-Identifier: ISC */
/* The verb of --authorize: delivery does it all, in this process's place. */
#include "authorize.h"

#include "config/paths.h"
#include "gate.h"

#include <stdlib.h>
#include <unistd.h>

int
authorize(const struct options *o, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[6] = {program};
	bool own;
	char *path = paths_config(o->config, &own);
	size_t n = 1;

	if (own) {
		argv[n++] = "--config";
		argv[n++] = path;
	}
	argv[n++] = "--authorize";
	argv[n++] = o->arguments[0];
	if (own || gate_helper_works(program)) {
		execv(program, (char *const *)(const void *)argv);
		error_errno(err, ERR_CONFIG, "%s: cannot start", program);
	} else {
		error_set(err, ERR_PERMISSION,
		    "%s cannot have its rights here (no setuid bit, or no new "
		    "privileges)",
		    program);
	}
	free(path);
	free(program);
	return -1;
}
