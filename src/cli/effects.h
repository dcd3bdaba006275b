/* SPDX-License-Identifier: ISC */
/* What an option does to struct options. Private to cli/. */
#ifndef CLI_EFFECTS_H
#define CLI_EFFECTS_H

#include "cli/options.h"

/* Of a row: each column does something, or nothing where it is 0. */
struct effect {
	enum verb verb;
	enum delivery_wish delivery;
	size_t member; /* of struct options: a text if the option has a value,
			  or a bool. The first one is verb. */
	/* What no column can say. */
	int (*act)(struct options *o, const char *value, struct error *err);
};

#define SETS(name) .member = offsetof(struct options, name)

/* value is NULL for an option without one. ERR_USAGE when it is no good, or
 * does not go with what was said before. */
int effect_apply(const struct effect *e, struct options *o, const char *value,
    struct error *err);

/* Those of -q and -M. */
int effect_run(struct options *o, const char *value, struct error *err);
int effect_message(struct options *o, const char *value, struct error *err);

#endif
