/* SPDX-License-Identifier: ISC */
/* Which options go together. */
#include "cli/options_check.h"

#include "cli/picks.h"

#include <string.h>

static bool
is_steering(enum verb verb)
{
	return verb == VERB_HOLD || verb == VERB_RELEASE ||
	       verb == VERB_REMOVE || verb == VERB_BOUNCE;
}

/* Everything is meant by that word alone, so that nobody means it by saying
 * nothing, or by an id in a variable that is empty. */
static const char *
check_selection(const struct options *o)
{
	bool patterns = o->to != NULL || o->from != NULL || o->relay != NULL;
	bool all = false;

	for (size_t i = 0; i < o->argument_count; i++)
		all = all || strcmp(o->arguments[i], "all") == 0;
	if (!patterns && o->argument_count == 0)
		return "which messages? ids, \"all\", or --to, --from, --relay";
	if (all && o->argument_count > 1)
		return "\"all\" stands alone";
	if (patterns && !all && o->argument_count > 0)
		return "either ids, or --to, --from and --relay";
	return NULL;
}

/* A part that is empty would be in all of them. */
static const char *
check_picks(const struct options *o)
{
	const struct picks *p = &o->picks;
	const char *const parts[] = {p->id, p->not_id, p->recipient,
	    p->not_recipient, p->sender, p->not_sender};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i] != NULL && parts[i][0] == '\0')
			return "a value is missing after -qI, -qR or -qS";
	if (o->verb != VERB_FLUSH && o->verb != VERB_LIST)
		return "-qI, -qR and -qS are for -q and -bp";
	if (o->argument_count > 0)
		return "-qI, -qR and -qS take no ids";
	if (o->every != NULL)
		return "--every takes no -qI, -qR or -qS";
	return NULL;
}

int
options_check(const struct options *o, struct error *err)
{
	const char *why = NULL;

	if (o->dry_run && o->verb != VERB_SUBMIT)
		why = "--dry-run is for a message on stdin";
	else if (o->require_tls && o->verb != VERB_SUBMIT &&
		 o->verb != VERB_SMTP)
		why = "--require-tls is for a message on stdin";
	else if (o->explain && !o->dry_run && o->verb != VERB_EXPLAIN)
		why = "--explain is for --dry-run, or for addresses alone";
	else if (o->verb == VERB_EXPLAIN && o->argument_count == 0)
		why = "which addresses? --explain and -bv take them as "
		      "arguments";
	else if (o->force && o->verb != VERB_FLUSH)
		why = "--force is for --flush";
	else if (o->every != NULL && o->verb != VERB_FLUSH)
		why = "--every is for --flush";
	else if (o->every != NULL && o->argument_count > 0)
		why = "--every takes no ids";
	else if (o->json && o->verb != VERB_LIST && o->verb != VERB_FLUSH &&
		 o->verb != VERB_PROBE)
		why = "--json is for --list, --flush and --probe";
	else if (o->verb == VERB_PROBE && o->argument_count > 1)
		why = "--probe takes one relay, or none";
	else if ((o->verb == VERB_LIST || o->verb == VERB_CHECK) &&
		 o->argument_count > 0)
		why = "--list and --check take no arguments";
	else if (o->verb == VERB_AUTHORIZE && o->argument_count != 1)
		why = "--authorize takes one relay's name";
	else if (o->verb == VERB_SHOW && o->argument_count != 1)
		why = "--show takes one id";
	else if ((o->to != NULL || o->from != NULL) && !is_steering(o->verb))
		why = "--to and --from are for --hold, --release, --remove and "
		      "--bounce";
	else if (is_steering(o->verb))
		why = check_selection(o);
	if (why == NULL && picks_any(&o->picks))
		why = check_picks(o);
	return why == NULL
		   ? 0
		   : error_set(err, ERR_USAGE, "%s; see pillarbox --help", why);
}
