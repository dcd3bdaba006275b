/* SPDX-License-Identifier: ISC */
/* What was read, setting by setting; and its release. */
#include "config/fill.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/fill_relay.h"
#include "config/own_names.h"
#include "config/paths.h"
#include "config/units.h"
#include "config/values.h"

#include <stdlib.h>
#include <string.h>

/* Where every sendmail has them. */
#define SYSTEM_ALIASES "/etc/aliases"

static int64_t
seconds_of(const char *value)
{
	int64_t ms = 0;

	units_duration(value, &ms);
	return ms / 1000;
}

static void
fill_queue(struct config *c, cfg_t *queue)
{
	c->queue_enabled = cfg_getbool(queue, "enabled");
	c->queue_path = text_of(queue, "path");
	c->retry_count = cfg_size(queue, "retry");
	for (size_t i = 0; i < c->retry_count; i++)
		c->retry[i] =
		    seconds_of(cfg_getnstr(queue, "retry", (unsigned)i));
	c->lifetime = seconds_of(cfg_getstr(queue, "lifetime"));
	c->warn_after = seconds_of(cfg_getstr(queue, "warn-after"));
}

/* A user's own mail is not the system's affair, unless the user says so. */
static void
fill_aliases(struct config *c, const char *path)
{
	if (path == NULL && !c->own) {
		c->aliases = must_strdup(SYSTEM_ALIASES);
		c->aliases_may_miss = true;
	} else if (path != NULL && path[0] != '\0') {
		c->aliases = must_strdup(path);
	}
}

void
fill(struct config *c, cfg_t *root)
{
	const char *host_name = cfg_getstr(root, "hostname");

	if (host_name != NULL && host_name[0] != '\0')
		text_copy(
		    c->host_name, sizeof c->host_name, span_of(host_name));
	else
		paths_host_name(c->host_name, sizeof c->host_name);
	c->own_names = own_names(c->host_name);
	c->domain = text_of(root, "domain");
	fill_aliases(c, cfg_getstr(root, "aliases"));
	c->max_size = MESSAGE_SIZE_DEFAULT;
	if (cfg_getstr(root, "max-size") != NULL)
		units_size(cfg_getstr(root, "max-size"), &c->max_size);
	c->delivery = (enum delivery_mode)word_of(root, "delivery");
	units_duration(
	    cfg_getstr(root, "foreground-timeout"), &c->foreground_timeout_ms);
	c->received = (enum received)word_of(root, "received");
	c->extract_remove = word_of(root, "extract-addresses") == 1;
	c->log = (enum log_target)word_of(root, "log");
	c->log_json = cfg_getbool(root, "log-json");
	c->default_relay = text_of(root, "default-relay");
	fill_queue(c, cfg_getsec(root, "queue"));
	c->relay_count = cfg_size(root, "relay");
	c->relays = must_calloc(c->relay_count, sizeof c->relays[0]);
	for (size_t i = 0; i < c->relay_count; i++)
		fill_relay(
		    &c->relays[i], cfg_getnsec(root, "relay", (unsigned)i));
}

void
config_release(struct config *c)
{
	for (size_t i = 0; i < c->relay_count; i++)
		release_relay(&c->relays[i]);
	free(c->relays);
	free(c->path);
	free_list(c->own_names);
	free(c->domain);
	free(c->aliases);
	free(c->queue_path);
	free(c->default_relay);
	*c = (struct config){0};
}
