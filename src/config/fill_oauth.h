/* SPDX-License-Identifier: ISC */
/* The section oauth of a relay. Private to config/. */
#ifndef CONFIG_FILL_OAUTH_H
#define CONFIG_FILL_OAUTH_H

#include "config/oauth.h"

#include <confuse.h>

/* What the section says, and where it says nothing, its provider's. To be
 * freed by free_oauth(). */
struct oauth *fill_oauth(cfg_t *section);

/* o may be NULL. */
void free_oauth(struct oauth *o);

#endif
