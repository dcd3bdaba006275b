/* SPDX-License-Identifier: ISC */
/*
 * The memory of libcurl. It copies passwords and codes them for the login, and
 * frees that as it is; so all that it gives back is wiped first.
 */
#ifndef DELIVERY_MEMORY_H
#define DELIVERY_MEMORY_H

#include <stddef.h>

/* As free(3), realloc(3) and strdup(3), the first two with what they give back
 * wiped. What they return is any malloc(3)'s. */
void memory_free(void *old);
void *memory_realloc(void *old, size_t size);
char *memory_strdup(const char *text);

#endif
