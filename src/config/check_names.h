/* SPDX-License-Identifier: ISC */
/* The settings that are names of hosts, or addresses. Private to config/. Each
 * is called for its setting: -1 after it has said what is wrong. */
#ifndef CONFIG_CHECK_NAMES_H
#define CONFIG_CHECK_NAMES_H

#include "config/checks.h"

int check_name(cfg_t *cfg, cfg_opt_t *opt);
int check_host(cfg_t *cfg, cfg_opt_t *opt);
int check_address(cfg_t *cfg, cfg_opt_t *opt);
int check_senders(cfg_t *cfg, cfg_opt_t *opt);
int check_masquerade(cfg_t *cfg, cfg_opt_t *opt);

#endif
