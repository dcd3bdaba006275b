/* SPDX-License-Identifier: ISC */
/* What each option does. */
#include "cli/effects.h"

#include <string.h>

int
effect_verbose(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verbose = true;
	o->delivery = WISH_FOREGROUND;
	return 0;
}

/* -q, -q30m: there is no daemon to start, so both flush once. */
int
effect_flush(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_FLUSH;
	return 0;
}

int
effect_aliases(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_ALIASES;
	return 0;
}

/* -bX: the mode of operation. */
int
effect_mode(struct options *o, const char *value, struct error *err)
{
	switch (value[0]) {
	case 'm':
		return 0;
	case 'p':
		o->verb = VERB_LIST;
		return 0;
	case 'i':
		o->verb = VERB_ALIASES;
		return 0;
	case 's':
		o->verb = VERB_SMTP;
		return 0;
	default:
		return error_set(err, ERR_USAGE,
		    "-b%s is not supported; a message on stdin is", value);
	}
}

/* -oX: an option of sendmail's configuration; of these only -od counts. */
int
effect_option(struct options *o, const char *value, struct error *err)
{
	static const struct {
		const char *value;
		enum delivery_wish wish;
	} modes[] = {
	    {"db", WISH_BACKGROUND},
	    {"di", WISH_FOREGROUND},
	    {"df", WISH_FOREGROUND},
	    {"dq", WISH_QUEUE},
	    {"dd", WISH_QUEUE},
	};

	(void)err;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (strcmp(value, modes[i].value) == 0)
			o->delivery = modes[i].wish;
	return 0;
}

int
effect_list(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_LIST;
	return 0;
}

/* Of two that do something to messages, the last one may be the wrong one. */
static int
become(struct options *o, enum verb verb, struct error *err)
{
	if (o->verb != verb && o->verb != VERB_SUBMIT && o->verb != VERB_LIST)
		return error_set(err, ERR_USAGE,
		    "one of --flush, --show, --hold, --release, --remove, "
		    "--bounce, --check and --authorize at a time");
	o->verb = verb;
	return 0;
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
