/* SPDX-License-Identifier: ISC */
/* The messages that -qI, -qR and -qS mean. */
#include "cli/picks.h"

#include <string.h>

bool
picks_any(const struct picks *p)
{
	return p->id != NULL || p->not_id != NULL || p->recipient != NULL ||
	       p->not_recipient != NULL || p->sender != NULL ||
	       p->not_sender != NULL;
}

static bool
has(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

static bool
is_from(const struct entry *e, const char *part)
{
	const char *sender = e->envelope.sender;

	return has(sender[0] != '\0' ? sender : "<>", part);
}

static bool
waits_for(const struct entry *e, const char *part)
{
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (entry_lacks(e, i) && has(e->envelope.rcpt[i].address, part))
			return true;
	return false;
}

bool
picks_fit(const struct picks *p, const struct entry *e)
{
	return (p->id == NULL || has(e->id, p->id)) &&
	       (p->not_id == NULL || !has(e->id, p->not_id)) &&
	       (p->recipient == NULL || waits_for(e, p->recipient)) &&
	       (p->not_recipient == NULL || !waits_for(e, p->not_recipient)) &&
	       (p->sender == NULL || is_from(e, p->sender)) &&
	       (p->not_sender == NULL || !is_from(e, p->not_sender));
}
