/* SPDX-License-Identifier: ISC */
/* The values of settings in libconfuse's tree. Private to config/. */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include <confuse.h>

/* A text, to be freed; NULL: none, or an empty one. */
char *text_of(cfg_t *section, const char *name);

/* Which of its words a setting has (words.h). */
int word_of(cfg_t *section, const char *name);

/* A list as an array that ends in NULL, to be freed by free_list(); never NULL
 * itself. */
char **list_of(cfg_t *section, const char *name);
void free_list(char **list);

#endif
