/* SPDX-License-Identifier: ISC */
/* The values of settings. */
#include "config/values.h"

#include "base/buf.h"
#include "config/words.h"

#include <stdlib.h>

char *
text_of(cfg_t *section, const char *name)
{
	const char *value = cfg_getstr(section, name);

	return value != NULL && value[0] != '\0' ? must_strdup(value) : NULL;
}

int
word_of(cfg_t *section, const char *name)
{
	return words_value(name, cfg_getstr(section, name));
}

char **
list_of(cfg_t *section, const char *name)
{
	unsigned n = cfg_size(section, name);
	char **list = must_calloc(n + 1, sizeof list[0]);

	for (unsigned i = 0; i < n; i++)
		list[i] = must_strdup(cfg_getnstr(section, name, i));
	return list;
}

void
free_list(char **list)
{
	for (char **at = list; at != NULL && *at != NULL; at++)
		free(*at);
	free(list);
}
