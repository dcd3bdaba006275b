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

/* Words to values; tls NULL: by the rest; port: where none is given. */
enum protocol settings_protocol(const char *word);
enum tls_mode settings_tls(const char *word, enum protocol protocol, long port);
uint16_t settings_port(enum protocol protocol, enum tls_mode tls);
enum delivery_mode settings_delivery(const char *word);
enum received settings_received(const char *word);
bool settings_extract_remove(const char *word);
enum family settings_family(const char *word);
enum log_target settings_log(const char *word);
enum identity_mode settings_identity(const char *word);
enum grant settings_grant(const char *word);

#endif
