/* SPDX-License-Identifier: ISC */
/* The memory of libcurl, wiped when it is given back. */
#include "delivery/memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void
memory_free(void *old)
{
	if (old != NULL)
		explicit_bzero(old, malloc_usable_size(old));
	free(old);
}

/* One that is moved leaves nothing behind. */
void *
memory_realloc(void *old, size_t size)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *new;

	if (old != NULL && size > 0 && size <= had)
		return old;
	new = malloc(size > 0 ? size : 1);
	if (new == NULL)
		return NULL;
	if (old != NULL)
		memcpy(new, old, had < size ? had : size);
	memory_free(old);
	return new;
}

char *
memory_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);

	return copy != NULL ? memcpy(copy, text, size) : NULL;
}
