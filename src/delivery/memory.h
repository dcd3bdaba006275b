/* SPDX-License-Identifier: ISC */
/*
 * The memory of libcurl. It copies passwords, codes them for the login, and
 * keeps some of that for as long as a connection is there; what it gives back
 * it gives back as it is. So all that it gives back is wiped first, and what it
 * has is known and can be searched.
 */
#ifndef DELIVERY_MEMORY_H
#define DELIVERY_MEMORY_H

#include "base/span.h"

#include <stddef.h>

/* As the functions of stdlib.h and string.h, for curl_global_init_mem(). What
 * they return is given back to memory_free() alone. Any thread may call them.
 */
void *memory_malloc(size_t size);
void *memory_calloc(size_t count, size_t size);
void *memory_realloc(void *old, size_t size);
char *memory_strdup(const char *text);
void memory_free(void *old);

/* Puts stars in place of the secret, which is not empty, wherever libcurl has
 * it: it will not be able to use it again. */
void memory_forget(struct span secret);

/* From here on what GnuTLS gives back is wiped, too: records, and keys. It is
 * not searched. */
void memory_wipe_tls(void);

#endif
