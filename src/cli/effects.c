/* SPDX-License-Identifier: ISC */
#include "cli/effects.h"

#include <string.h>

/* Of two that do something to messages, the last one may be the wrong one;
 * the other verbs only tell something, or come from a script. */
static const bool stands_alone[] = {
    [VERB_FLUSH] = true,
    [VERB_SHOW] = true,
    [VERB_HOLD] = true,
    [VERB_RELEASE] = true,
    [VERB_REMOVE] = true,
    [VERB_BOUNCE] = true,
    [VERB_CHECK] = true,
    [VERB_PROBE] = true,
    [VERB_AUTHORIZE] = true,
    [VERB_EXPLAIN] = true,
    [VERB_HELP] = false, /* for the size: it is the last */
};

static int
become(struct options *o, enum verb verb, struct error *err)
{
	if (stands_alone[verb] && o->verb != verb && o->verb != VERB_SUBMIT &&
	    o->verb != VERB_LIST)
		return error_set(err, ERR_USAGE,
		    "one of --flush, --show, --hold, --release, --remove, "
		    "--bounce, --check, --probe, --authorize, --explain and "
		    "-bv at a time");
	o->verb = verb;
	return 0;
}

static void
set(struct options *o, size_t member, const char *value)
{
	if (value != NULL)
		*(const char **)((char *)o + member) = value;
	else
		*(bool *)((char *)o + member) = true;
}

int
effect_apply(const struct effect *e, struct options *o, const char *value,
    struct error *err)
{
	if (e->member != 0)
		set(o, e->member, value);
	if (e->delivery != WISH_NONE)
		o->delivery = e->delivery;
	if (e->act != NULL && e->act(o, value, err) != 0)
		return -1;
	return e->verb != VERB_SUBMIT ? become(o, e->verb, err) : 0;
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
	return 0;
}

/* Exim's -M ID... delivers these; Sendmail's -Mx sets a macro. */
int
effect_message(struct options *o, const char *value, struct error *err)
{
	return value == NULL ? become(o, VERB_FLUSH, err) : 0;
}
