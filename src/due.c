/* SPDX-License-Identifier: ISC */
/* The verb of delivery that takes what is due. */
#include "due_flush.h"

#include "base/clock.h"
#include "base/process.h"
#include "resident.h"

#include <stdlib.h>
#include <sysexits.h>

/* One round. */
static int
flush(struct courier *c, const struct due_options *o, struct error *err)
{
	struct flush fl = {.courier = c,
	    .options = o,
	    .now = clock_now(),
	    .crew = {.hold = -1}};
	int rc = 0;

	if (o->force && !process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--force is for root, or the owner of the queue");
	if (o->relay != NULL &&
	    config_route(c->config, "", o->relay, err) == NULL)
		return -1;
	if (!c->config->queue_enabled)
		return EX_OK;
	if (due_open_queue(c, &fl.store, err) != 0)
		return -1;
	c->store = &fl.store;
	c->insist = process_is_trusted() && (o->force || o->id_count > 0);
	c->verbose = c->verbose && process_is_trusted();
	c->passes = true;
	store_sweep(&fl.store);
	if (o->id_count == 0)
		rc = due_all(&fl, err);
	for (size_t i = 0; i < o->id_count; i++) {
		due_take(&fl, o->ids[i], NO_PIECE);
		due_settle(&fl, false);
	}
	due_settle(&fl, true);
	free(fl.returned);
	courier_report(c);
	courier_rest(c);
	c->store = NULL;
	store_close(&fl.store);
	if (rc != 0)
		return -1;
	if (fl.stays)
		return EX_TEMPFAIL;
	return fl.missing ? EX_USAGE : EX_OK;
}

int
due_flush(struct courier *c, const struct due_options *o, struct error *err)
{
	int code;

	if (o->every == 0)
		return flush(c, o, err);
	if (!process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--every is for root, or the owner of the queue");
	resident_begin();
	c->resident = true;
	do {
		code = flush(c, o, err);
	} while (code >= 0 && resident_sleep(o->every));
	return code >= 0 ? EX_OK : code;
}
