/* SPDX-License-Identifier: ISC */
/* From libconfuse's tree to struct config. Private to config/. */
#ifndef CONFIG_FILL_H
#define CONFIG_FILL_H

#include "config/config.h"

#include <confuse.h>

/* All that stands in the tree, whose settings have passed their checks; what is
 * secret is wiped in it. */
void fill(struct config *c, cfg_t *root);

/* A text, to be freed; NULL: none, or an empty one. */
char *text_of(cfg_t *section, const char *name);

/* Which of its words a setting has (words.h). */
int word_of(cfg_t *section, const char *name);

/* A list as an array that ends in NULL, to be freed by free_list(); never NULL
 * itself. */
char **list_of(cfg_t *section, const char *name);
void free_list(char **list);

#endif
