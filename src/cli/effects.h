/* SPDX-License-Identifier: ISC */
/* What each option does to struct options. Private to cli/. */
#ifndef CLI_EFFECTS_H
#define CLI_EFFECTS_H

#include "cli/options.h"

/* value is NULL for an option without one. ERR_USAGE when it is no good. */
typedef int effect(struct options *o, const char *value, struct error *err);

effect effect_none, effect_from_header, effect_sender, effect_full_name,
    effect_config, effect_relay, effect_verbose, effect_flush, effect_aliases,
    effect_mode, effect_option, effect_list, effect_version, effect_help,
    effect_dry_run, effect_explain, effect_force, effect_every, effect_json,
    effect_show, effect_hold, effect_release, effect_remove, effect_bounce,
    effect_check, effect_to, effect_from;

#endif
