/* SPDX-License-Identifier: ISC */
/* Which messages a command line means. */
#include "selection.h"

#include "backlog.h"
#include "base/id.h"
#include "base/text.h"
#include "cli/picks.h"
#include "queue/steer.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* Addresses are told apart without regard to case, as everywhere here; and
 * "<>" is what the null sender is called. */
static bool
matches(const char *pattern, const char *address)
{
	if (strcmp(pattern, "<>") == 0)
		return address[0] == '\0';
	return fnmatch(pattern, address, FNM_CASEFOLD) == 0;
}

/* Has it a recipient like that, who has not got it? */
static bool
waits_for(const struct entry *e, const char *pattern)
{
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (entry_lacks(e, i) &&
		    matches(pattern, e->envelope.rcpt[i].address))
			return true;
	return false;
}

static bool
is_meant(const struct options *o, const struct listed *l)
{
	const struct entry *e = l->entry;

	if (o->verb == VERB_HOLD && e->held)
		return false;
	if (o->verb == VERB_FLUSH && e->held)
		return false;
	if (!picks_fit(&o->picks, e))
		return false;
	if (o->verb == VERB_RELEASE && !e->held && l->next < STORE_NEVER)
		return false;
	if (o->to != NULL && !waits_for(e, o->to))
		return false;
	if (o->from != NULL && !matches(o->from, e->envelope.sender))
		return false;
	return o->relay == NULL ||
	       (l->relay != NULL && strcmp(l->relay, o->relay) == 0);
}

static void
add(struct selection *s, const char *id)
{
	buf_add_text(&s->ids, id);
	buf_add_byte(&s->ids, '\n');
}

static int
add_matching(struct selection *s, const struct options *o,
    const struct config *config, struct error *err)
{
	struct backlog b;
	struct listed l;
	struct error why;
	int rc, code;

	if (o->relay != NULL && config_route(config, "", o->relay, err) == NULL)
		return -1;
	if (backlog_open(&b, config, err) != 0)
		return -1;
	while ((rc = backlog_next(&b, &l, &why)) > 0)
		if (is_meant(o, &l))
			add(s, l.entry->id);
	code = backlog_close(&b, err);
	if (code == EX_OK && rc < 0) {
		*err = why;
		return -1;
	}
	return code;
}

static void
add_named(struct selection *s, const struct options *o)
{
	for (size_t i = 0; i < o->argument_count; i++) {
		struct span id = span_of(o->arguments[i]);
		char shown[2 * ENTRY_ID_SIZE];

		if (id_is_valid(id)) {
			add(s, o->arguments[i]);
			continue;
		}
		s->missing++;
		text_copy_printable(shown, sizeof shown, id);
		fprintf(stderr, "pillarbox: %s: not in the queue\n", shown);
	}
}

int
selection_make(struct selection *s, const struct options *o,
    const struct config *config, struct error *err)
{
	bool all =
	    o->argument_count == 1 && strcmp(o->arguments[0], "all") == 0;
	int code = EX_OK;

	*s = (struct selection){0};
	buf_init(&s->ids, STEER_IDS_MAX);
	if (all || o->argument_count == 0)
		code = add_matching(s, o, config, err);
	else
		add_named(s, o);
	if (code == EX_OK && !buf_ok(&s->ids))
		return error_set(err, ERR_USAGE,
		    "too many messages for one call; use --to, --from or "
		    "--relay to take some of them");
	return code;
}

void
selection_release(struct selection *s)
{
	buf_release(&s->ids);
}
