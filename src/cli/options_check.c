/* SPDX-License-Identifier: ISC */
/* Which options go together. */
#include "cli/options_check.h"

#include "cli/picks.h"

#include <stdint.h>
#include <string.h>

/* A set of verbs. */
#define ON(verb) (1U << (verb))
#define STEERING \
	(ON(VERB_HOLD) | ON(VERB_RELEASE) | ON(VERB_REMOVE) | ON(VERB_BOUNCE))

/* What is for some verbs only. */
static const char *
check_given(const struct options *o)
{
	const struct {
		bool given;
		unsigned verbs;
		const char *why;
	} rows[] = {
	    {o->dry_run, ON(VERB_SUBMIT),
		"--dry-run is for a message on stdin"},
	    {o->require_tls, ON(VERB_SUBMIT) | ON(VERB_SMTP),
		"--require-tls is for a message on stdin"},
	    {o->explain && !o->dry_run, ON(VERB_EXPLAIN),
		"--explain is for --dry-run, or for addresses alone"},
	    {o->force, ON(VERB_FLUSH), "--force is for --flush"},
	    {o->every != NULL, ON(VERB_FLUSH), "--every is for --flush"},
	    {o->json, ON(VERB_LIST) | ON(VERB_FLUSH) | ON(VERB_PROBE),
		"--json is for --list, --flush and --probe"},
	    {o->to != NULL || o->from != NULL, STEERING,
		"--to and --from are for --hold, --release, --remove and "
		"--bounce"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].given && (rows[i].verbs & ON(o->verb)) == 0)
			return rows[i].why;
	return NULL;
}

/* How many arguments they take, where not any number will do. */
static const char *
check_arguments(const struct options *o)
{
	static const struct {
		unsigned verbs;
		size_t least, most;
		const char *why;
	} rows[] = {
	    {ON(VERB_EXPLAIN), 1, SIZE_MAX,
		"which addresses? --explain and -bv take them as arguments"},
	    {ON(VERB_PROBE), 0, 1, "--probe takes one relay, or none"},
	    {ON(VERB_LIST) | ON(VERB_CHECK), 0, 0,
		"--list and --check take no arguments"},
	    {ON(VERB_AUTHORIZE), 1, 1, "--authorize takes one relay's name"},
	    {ON(VERB_SHOW), 1, 1, "--show takes one id"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((rows[i].verbs & ON(o->verb)) != 0 &&
		    (o->argument_count < rows[i].least ||
			o->argument_count > rows[i].most))
			return rows[i].why;
	return o->every != NULL && o->argument_count > 0
		   ? "--every takes no ids"
		   : NULL;
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
	const char *why = check_given(o);

	if (why == NULL)
		why = check_arguments(o);
	if (why == NULL && (STEERING & ON(o->verb)) != 0)
		why = check_selection(o);
	if (why == NULL && picks_any(&o->picks))
		why = check_picks(o);
	return why == NULL
		   ? 0
		   : error_set(err, ERR_USAGE, "%s; see pillarbox --help", why);
}
