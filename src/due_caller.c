/* SPDX-License-Identifier: ISC */
/* What who calls may hear of, name, and open. */
#include "due.h"

#include "base/log.h"
#include "base/process.h"
#include "queue/steer.h"

#include <stdio.h>
#include <unistd.h>

void
due_say(const char *id, uid_t uid, const struct error *err)
{
	if (!log_is_stderr() &&
	    (process_is_trusted() || uid == process_caller()))
		fprintf(stderr, "pillarbox: %s: %s\n", id, err->text);
	/* Of all others deliver.c has logged it. */
	if (uid == DUE_NOBODYS)
		log_warning("%s: %s", id, err->text);
}

bool
due_may_name(struct store *s, const char *id)
{
	return process_is_trusted() || steer_may_see(s, id, process_caller());
}

int
due_open_queue(struct courier *c, struct store *s, struct error *err)
{
	bool ours = c->config->own || process_caller() == geteuid();

	return store_open(s, c->config->queue_path, ours, err);
}
