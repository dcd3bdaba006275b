/* SPDX-License-Identifier: ISC */
/* The verb of mailq and --list. */
#include "list.h"

#include "backlog.h"
#include "cli/listing.h"
#include "cli/picks.h"
#include "config/config.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static int
show_all(struct backlog *b, const struct options *o,
    struct listing_total *total, struct error *err)
{
	bool as_root = !b->config->own && geteuid() != 0;
	bool text = !o->json && !o->count;
	struct listed l;
	int rc;

	while ((rc = backlog_next(b, &l, err)) > 0) {
		if (!picks_fit(&o->picks, l.entry))
			continue;
		if (o->count)
			total->count++;
		else if (o->json)
			listing_json(&l, stdout);
		else
			listing_text(&l, total, stdout);
	}
	for (size_t i = 0; text && i < b->pause_count; i++)
		if (b->waiting[i] > 0)
			listing_text_pause(
			    &b->pauses[i], b->waiting[i], as_root, stdout);
	return rc;
}

static int
list_queue(const struct config *c, const struct options *o, struct error *err)
{
	struct listing_total total = {0};
	struct backlog b;
	struct error why;
	int rc, code;

	if (backlog_open(&b, c, err) != 0)
		return -1;
	rc = show_all(&b, o, &total, &why);
	code = backlog_close(&b, err);
	if (code != EX_OK)
		return code;
	if (rc != 0) {
		*err = why;
		return -1;
	}
	if (o->count)
		printf("%zu\n", total.count);
	else if (!o->json)
		listing_text_end(&total, stdout);
	if (fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return EX_OK;
}

int
list(const struct options *o, struct error *err)
{
	struct config config;
	int code;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	code = list_queue(&config, o, err);
	config_release(&config);
	return code;
}
