/* SPDX-License-Identifier: ISC */
/* The verb of --bounce, on delivery's side, where reports are made. */
#include "giveback.h"

#include "base/log.h"
#include "base/process.h"
#include "queue/steer.h"

#include <sysexits.h>
#include <unistd.h>

struct givers {
	struct courier *courier;
	struct store store;
	uid_t who;
};

static int
refuse_all(struct entry_file *f, struct error *err)
{
	const struct entry *e = &f->entry;
	struct record r;

	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		if (e->status[i].state != RCPT_WAITING)
			continue;
		record_set(&r, EVENT_REFUSED, i, NULL, "returned by hand");
		if (store_entry_append(f, &r, err) != 0)
			return -1;
	}
	return 0;
}

/* Where a flush looks, and no longer held. */
static int
expose(struct entry_file *f, struct error *err)
{
	struct record r;

	if (f->not_before != 0 && store_entry_expose(f, err) != 0)
		return -1;
	record_set(&r, EVENT_RELEASED, RCPT_NONE, NULL, "to be returned");
	return f->entry.held ? store_entry_append(f, &r, err) : 0;
}

static enum steered
settle(struct givers *g, struct entry_file *f, struct error *err)
{
	/* It would be held for want of a sender: nothing is said of those who
	 * wait. */
	if (f->entry.envelope.sender[0] == '\0') {
		error_set(err, ERR_REFUSED,
		    "has no sender to go back to; see --remove");
		return STEER_FAILED;
	}
	/* From here on a flush can end it, if we cannot. */
	if (expose(f, err) != 0 || refuse_all(f, err) != 0)
		return STEER_FAILED;
	switch (deliver_entry(g->courier, &g->store, f, false, err)) {
	case SETTLED_RETURNED:
	case SETTLED_TOLD:     /* everybody had it before */
	case SETTLED_UNWANTED: /* then it is gone, as its sender asked */
		return STEER_DONE;
	default:
		return STEER_FAILED;
	}
}

static enum steered
give_back(void *context, const char *id, struct error *err)
{
	struct givers *g = context;
	struct entry_file f;
	enum steered result = steer_open(&g->store, id, g->who, &f, err);

	if (result != STEER_DONE)
		return result;
	result = settle(g, &f, err);
	if (result == STEER_DONE)
		log_info("%s: returned by uid %lu", id,
		    (unsigned long)process_caller());
	store_entry_close(&f);
	return result;
}

int
giveback(struct courier *c, struct error *err)
{
	bool owner = process_caller() == geteuid();
	struct givers g = {.courier = c,
	    .who = process_is_trusted() ? STEER_ALL : process_caller()};
	int rc;

	if (store_open(&g.store, c->config->queue_path, owner, err) != 0)
		return -1;
	c->store = &g.store;
	rc = steer_each(STDIN_FILENO, give_back, &g, err);
	if (rc == 0)
		rc = steer_sync(&g.store, err);
	c->store = NULL;
	store_close(&g.store);
	return rc == 0 ? EX_OK : -1;
}
