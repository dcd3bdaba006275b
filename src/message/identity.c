/* SPDX-License-Identifier: ISC */
/* What a sender becomes at a relay. */
#include "message/identity.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/pattern.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
identity_is_idle(const struct identity *id)
{
	return id->mode == IDENTITY_KEEP && id->masquerade[0] == NULL;
}

static bool
ends_in(const char *name, const char *tail)
{
	size_t n = strlen(name), m = strlen(tail);

	return n >= m && strcasecmp(name + n - m, tail) == 0;
}

/* A name that means nothing anywhere else (RFC 6761 6.3 for localhost). */
static bool
is_nowhere(const char *domain)
{
	if (domain[0] == '[')
		return false;
	return strchr(domain, '.') == NULL || ends_in(domain, ".localhost") ||
	       ends_in(domain, ".localdomain");
}

/* The host may be called as the domain is that its mail is of. */
static bool
is_host(const struct identity *id, const char *domain)
{
	if (id->from != NULL &&
	    strcasecmp(domain, address_domain_of(id->from)) == 0)
		return false;
	for (size_t i = 0; id->own_names[i] != NULL; i++)
		if (strcasecmp(domain, id->own_names[i]) == 0)
			return true;
	return false;
}

static enum identity_change
judge(const struct identity *id, const char *address)
{
	const char *domain = address_domain_of(address);

	if (id->mode == IDENTITY_KEEP || strcasecmp(address, id->from) == 0)
		return IDENTITY_SAME;
	if (address[0] == '\0')
		return id->mode == IDENTITY_FORCE ? IDENTITY_FORCED
						  : IDENTITY_SAME;
	/* Patterns also choose the relay, so they may fit such a name. */
	if (is_nowhere(domain))
		return IDENTITY_LOCAL;
	if (pattern_any_fits(id->senders, address))
		return IDENTITY_SAME;
	if (is_host(id, domain))
		return IDENTITY_LOCAL;
	return id->mode == IDENTITY_FORCE ? IDENTITY_FORCED : IDENTITY_SAME;
}

/* In another domain, to be freed; NULL: it stays. */
static char *
masquerade(const struct identity *id, const char *address)
{
	const char *domain = address_domain_of(address);
	char *changed = NULL;

	if (domain[0] == '\0')
		return NULL;
	for (char *const *rule = id->masquerade; *rule != NULL; rule++) {
		const char *to = strchr(*rule, '=') + 1;
		char *from =
		    must_spandup(span(*rule, (size_t)(to - 1 - *rule)));
		bool fits = pattern_fits_domain(from, domain);
		struct buf b;

		free(from);
		if (!fits)
			continue;
		buf_init(&b, 4 * KIB);
		buf_printf(&b, "%.*s%s", (int)(domain - address), address, to);
		/* A rule may be there to have none of those below. */
		if (strcasecmp(domain, to) != 0 && buf_ok(&b))
			changed = must_strdup(buf_text(&b));
		buf_release(&b);
		break;
	}
	return changed;
}

enum identity_change
identity_of(const struct identity *id, const char *address, char **to)
{
	char *masked = masquerade(id, address);
	enum identity_change change =
	    judge(id, masked != NULL ? masked : address);

	*to = masked;
	if (change == IDENTITY_SAME)
		return masked != NULL ? IDENTITY_MASQUERADED : IDENTITY_SAME;
	free(masked);
	*to = must_strdup(id->from);
	return change;
}

char *
identity_sender(
    const struct identity *id, const char *sender, struct mends *log)
{
	char *becomes;
	enum identity_change change = identity_of(id, sender, &becomes);

	if (change != IDENTITY_SAME)
		mends_add(log, "envelope: <%s> becomes <%s>: %s", sender,
		    becomes, identity_reason(change));
	return becomes;
}

const char *
identity_reason(enum identity_change change)
{
	static const char *const reasons[] = {
	    [IDENTITY_SAME] = "it is good for the relay",
	    [IDENTITY_MASQUERADED] = "its domain is masqueraded",
	    [IDENTITY_LOCAL] = "it is an address of this host",
	    [IDENTITY_FORCED] = "it is not one of the relay's senders",
	};

	return reasons[change];
}
