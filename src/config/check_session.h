/* SPDX-License-Identifier: ISC */
/* The settings of a relay that say how sessions with it are used. Private to
 * config/. Each is called for its setting: -1 after it has said what is wrong.
 */
#ifndef CONFIG_CHECK_SESSION_H
#define CONFIG_CHECK_SESSION_H

#include "config/checks.h"

int check_connections(cfg_t *cfg, cfg_opt_t *opt);
int check_per_connection(cfg_t *cfg, cfg_opt_t *opt);
int check_window(cfg_t *cfg, cfg_opt_t *opt);
int check_linger(cfg_t *cfg, cfg_opt_t *opt);
int check_rate(cfg_t *cfg, cfg_opt_t *opt);

#endif
