/* SPDX-License-Identifier: ISC */
/* The section of a relay. Private to config/. */
#ifndef CONFIG_FILL_RELAY_H
#define CONFIG_FILL_RELAY_H

#include "config/config.h"

#include <confuse.h>

/* What the section says, and what follows from it. What is secret is wiped in
 * the section. To be given to release_relay(). */
void fill_relay(struct relay *r, cfg_t *section);

/* The mechanisms that a relay's section allows, without those of a token. */
unsigned fill_auth(cfg_t *section);

/* What is secret is wiped. */
void release_relay(struct relay *r);

#endif
