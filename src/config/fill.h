/* SPDX-License-Identifier: ISC */
/* From libconfuse's tree to struct config. Private to config/. */
#ifndef CONFIG_FILL_H
#define CONFIG_FILL_H

#include "config/config.h"

#include <confuse.h>

/* All that stands in the tree, whose settings have passed their checks; what is
 * secret is wiped in it. */
void fill(struct config *c, cfg_t *root);

#endif
