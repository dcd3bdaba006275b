/* SPDX-License-Identifier: ISC */
/* What each setting may hold. Private to config/. */
#ifndef CONFIG_CHECKS_H
#define CONFIG_CHECKS_H

#include <confuse.h>

/*
 * Has libconfuse check every setting as soon as it is read, while it knows
 * the line; a bad one is reported by cfg_error().
 */
void checks_register(cfg_t *root);

#endif
