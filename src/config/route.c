/* SPDX-License-Identifier: ISC */
/* Which relay takes which sender. */
#include "config/config.h"

#include "base/buf.h"
#include "base/text.h"
#include "message/pattern.h"

#include <stdlib.h>
#include <string.h>

const struct relay *
config_relay(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->relay_count; i++)
		if (strcmp(c->relays[i].name, name) == 0)
			return &c->relays[i];
	return NULL;
}

static const struct relay *
named(const struct config *c, const char *name, const char *setting,
    struct error *err)
{
	const struct relay *relay = config_relay(c, name);
	const char **names;
	const char *near;

	if (relay != NULL)
		return relay;
	names = must_calloc(c->relay_count, sizeof names[0]);
	for (size_t i = 0; i < c->relay_count; i++)
		names[i] = c->relays[i].name;
	near = text_nearest(name, names, c->relay_count);
	free(names);
	error_set(err, ERR_CONFIG, "%s: %sno relay \"%s\"%s%s%s", c->path,
	    setting, name, near ? "; did you mean \"" : "", near ? near : "",
	    near ? "\"?" : "");
	return NULL;
}

const struct relay *
config_default(const struct config *c, struct error *err)
{
	return named(c, c->default_relay, "default-relay: ", err);
}

struct identity
config_identity(const struct config *c, const struct relay *relay)
{
	return (struct identity){.mode = relay->identity,
	    .from = relay->from,
	    .senders = relay->senders,
	    .masquerade = relay->masquerade,
	    .own_names = c->own_names};
}

const struct relay *
config_route(const struct config *c, const char *sender, const char *name,
    struct error *err)
{
	if (name != NULL)
		return named(c, name, "", err);
	for (size_t i = 0; i < c->relay_count; i++)
		if (pattern_any_fits(c->relays[i].senders, sender))
			return &c->relays[i];
	if (c->default_relay != NULL)
		return config_default(c, err);
	if (c->relay_count == 1)
		return &c->relays[0];
	if (c->relay_count == 0)
		error_set(err, ERR_CONFIG,
		    "%s: no relay; add one: relay \"NAME\" { host = \"...\" }",
		    c->path);
	else
		error_set(err, ERR_CONFIG,
		    "%s: no relay takes the sender <%s>; add it to the "
		    "\"senders\" of one, or set default-relay",
		    c->path, sender);
	return NULL;
}
