/* SPDX-License-Identifier: ISC */
/* What each option does. */
#include "cli/effects.h"

#include <string.h>

/* Of two that do something to messages, the last one may be the wrong one. */
static int
become(struct options *o, enum verb verb, struct error *err)
{
	if (o->verb != verb && o->verb != VERB_SUBMIT && o->verb != VERB_LIST)
		return error_set(err, ERR_USAGE,
		    "one of --flush, --show, --hold, --release, --remove, "
		    "--bounce, --check, --probe, --authorize, --explain and "
		    "-bv at a time");
	o->verb = verb;
	return 0;
}

int
effect_background(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->delivery = WISH_BACKGROUND;
	return 0;
}

int
effect_foreground(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->delivery = WISH_FOREGROUND;
	return 0;
}

int
effect_queue(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->delivery = WISH_QUEUE;
	return 0;
}

int
effect_verbose(struct options *o, const char *value, struct error *err)
{
	o->verbose = true;
	return effect_foreground(o, value, err);
}

int
effect_flush(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_FLUSH, err);
}

/* Numbers, each with its unit or none. */
static bool
is_time(const char *text)
{
	while (*text != '\0') {
		size_t n = strspn(text, "0123456789");

		if (n == 0)
			return false;
		text += n;
		text += *text != '\0' && strchr("smhdw", *text) != NULL;
	}
	return true;
}

/*
 * -q, -qf, -q30m, -qp5m: there is no daemon to start, so all of them flush
 * once. Exim's flags: -qq in two passes, i first attempts, f although it is not
 * due, ff also what is frozen. Its f alone is Sendmail's "in the foreground".
 */
int
effect_run(struct options *o, const char *value, struct error *err)
{
	const char *rest = value != NULL ? value : "";
	bool twice = *rest == 'q';
	size_t f;

	rest += twice || *rest == 'p';
	rest += *rest == 'i';
	f = strspn(rest, "f");
	if (f > 2 || !is_time(rest + f))
		return error_set(err, ERR_USAGE,
		    "-q%s is not supported; -q, -qI, -qR and -qS are", value);
	o->force = o->force || f == 2 || (twice && f == 1);
	return effect_flush(o, NULL, err);
}

/* Exim's -M ID... delivers these; Sendmail's -Mx sets a macro. */
int
effect_message(struct options *o, const char *value, struct error *err)
{
	return value == NULL ? effect_flush(o, NULL, err) : 0;
}

int
effect_aliases(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_ALIASES;
	return 0;
}

int
effect_smtp(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_SMTP;
	return 0;
}

int
effect_explain(struct options *o, const char *value, struct error *err)
{
	(void)value;
	o->explain = true;
	return become(o, VERB_EXPLAIN, err);
}

int
effect_list(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_LIST;
	return 0;
}

int
effect_count(struct options *o, const char *value, struct error *err)
{
	o->count = true;
	return effect_list(o, value, err);
}

int
effect_show(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_SHOW, err);
}

int
effect_hold(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_HOLD, err);
}

int
effect_release(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_RELEASE, err);
}

int
effect_remove(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_REMOVE, err);
}

int
effect_bounce(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_BOUNCE, err);
}

int
effect_probe(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_PROBE, err);
}

int
effect_check(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_CHECK, err);
}

int
effect_authorize(struct options *o, const char *value, struct error *err)
{
	(void)value;
	return become(o, VERB_AUTHORIZE, err);
}

int
effect_version(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_VERSION;
	return 0;
}

int
effect_help(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_HELP;
	return 0;
}
