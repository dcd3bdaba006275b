/* SPDX-License-Identifier: ISC */
/*
 * The table of settings: names, defaults, and what each may hold. Private to
 * config/; with config.c the only place that sees libconfuse.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/error.h"
#include "base/span.h"
#include "config/config.h"

#include <confuse.h>

/*
 * Parses text; every setting in the result has passed its check. NULL with
 * ERR_CONFIG, as PATH:LINE: what is wrong. The tree is freed by cfg_free().
 */
cfg_t *settings_parse(const char *path, struct span text, struct error *err);

#endif
