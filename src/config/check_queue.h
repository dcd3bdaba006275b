/* SPDX-License-Identifier: ISC */
/* What the times of the queue may be. Private to config/. */
#ifndef CONFIG_CHECK_QUEUE_H
#define CONFIG_CHECK_QUEUE_H

#include "config/checks.h"

/* The section as a whole, when it has ended. */
int check_queue(cfg_t *cfg, cfg_opt_t *opt);

int check_retry(cfg_t *cfg, cfg_opt_t *opt);
int check_lifetime(cfg_t *cfg, cfg_opt_t *opt);
int check_warn_after(cfg_t *cfg, cfg_opt_t *opt);

#endif
