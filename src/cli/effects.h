/* SPDX-License-Identifier: ISC */
/* What options do that is more than to set a member. Private to cli/. */
#ifndef CLI_EFFECTS_H
#define CLI_EFFECTS_H

#include "cli/options.h"

/* value is NULL for an option without one. ERR_USAGE when it is no good. */
typedef int effect(struct options *o, const char *value, struct error *err);

effect effect_aliases, effect_authorize, effect_background, effect_bounce,
    effect_check, effect_count, effect_explain, effect_flush, effect_foreground,
    effect_help, effect_hold, effect_list, effect_message, effect_probe,
    effect_queue, effect_release, effect_remove, effect_run, effect_show,
    effect_smtp, effect_verbose, effect_version;

#endif
