/* SPDX-License-Identifier: ISC */
/* The settings of a relay that say by what it is trusted. Private to config/.
 */
#ifndef CONFIG_CHECK_TLS_H
#define CONFIG_CHECK_TLS_H

#include "config/checks.h"

int check_pin(cfg_t *cfg, cfg_opt_t *opt);
int check_credential(cfg_t *cfg, cfg_opt_t *opt);
int check_auth(cfg_t *cfg, cfg_opt_t *opt);

/* What is wrong with them together, when the section has ended; NULL: nothing.
 */
const char *check_tls_together(cfg_t *relay);

#endif
