/* SPDX-License-Identifier: ISC */
/* What the section oauth of a relay may hold. Private to config/. */
#ifndef CONFIG_CHECK_OAUTH_H
#define CONFIG_CHECK_OAUTH_H

#include "config/checks.h"

/* For cfg_set_validate_func(). */
int check_provider(cfg_t *cfg, cfg_opt_t *opt);
int check_tenant(cfg_t *cfg, cfg_opt_t *opt);
int check_endpoint(cfg_t *cfg, cfg_opt_t *opt);
int check_redirect(cfg_t *cfg, cfg_opt_t *opt);
int check_oauth(cfg_t *cfg, cfg_opt_t *opt);

#endif
