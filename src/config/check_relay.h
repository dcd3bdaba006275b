/* SPDX-License-Identifier: ISC */
/* What the section of a relay may hold, as a whole. Private to config/. */
#ifndef CONFIG_CHECK_RELAY_H
#define CONFIG_CHECK_RELAY_H

#include "config/checks.h"

/* When the section has ended; -1 after it has said what is wrong. */
int check_relay(cfg_t *cfg, cfg_opt_t *opt);

/* Settings that say how sessions are used. */
int check_connections(cfg_t *cfg, cfg_opt_t *opt);
int check_per_connection(cfg_t *cfg, cfg_opt_t *opt);
int check_linger(cfg_t *cfg, cfg_opt_t *opt);
int check_rate(cfg_t *cfg, cfg_opt_t *opt);

#endif
