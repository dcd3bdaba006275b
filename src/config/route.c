/* SPDX-License-Identifier: ISC */
/* Which relay takes which sender. */
#include "config/config.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct relay *
config_relay(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->relay_count; i++)
		if (strcmp(c->relays[i].name, name) == 0)
			return &c->relays[i];
	return NULL;
}

/* "alice@example.org", "*@example.org" or "alice+*@example.org"; without regard
 * to case, as every provider does. */
static bool
matches(const char *pattern, const char *sender)
{
	const char *domain = strrchr(sender, '@');
	const char *ours = strrchr(pattern, '@');
	size_t fixed;

	if (domain == NULL || ours == NULL || ours == pattern ||
	    ours[-1] != '*')
		return strcasecmp(pattern, sender) == 0;
	fixed = (size_t)(ours - 1 - pattern);
	/* What stands for "*" may be empty, as in "alice+@example.org". */
	return (fixed == 0 || pattern[fixed - 1] == '+') &&
	       (size_t)(domain - sender) >= fixed &&
	       strncasecmp(pattern, sender, fixed) == 0 &&
	       strcasecmp(ours, domain) == 0;
}

static bool
takes(const struct relay *relay, const char *sender)
{
	for (char **pattern = relay->senders; *pattern != NULL; pattern++)
		if (matches(*pattern, sender))
			return true;
	return false;
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

const struct relay *
config_route(const struct config *c, const char *sender, const char *name,
    struct error *err)
{
	if (name != NULL)
		return named(c, name, "", err);
	for (size_t i = 0; i < c->relay_count; i++)
		if (takes(&c->relays[i], sender))
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
