/* SPDX-License-Identifier: ISC */
/* What auth may hold. Private to config/. */
#ifndef CONFIG_CHECK_AUTH_H
#define CONFIG_CHECK_AUTH_H

#include "config/checks.h"

int check_auth(cfg_t *cfg, cfg_opt_t *opt);

#endif
