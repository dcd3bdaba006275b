/* SPDX-License-Identifier: ISC */
/* The memory of GnuTLS, wiped when it is given back. */
#include "delivery/memory.h"

#include <gnutls/gnutls.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static void
wipe(void *old)
{
	if (old != NULL)
		explicit_bzero(old, malloc_usable_size(old));
	free(old);
}

static void *
move(void *old, size_t size)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *new = malloc(size > 0 ? size : 1);

	if (new != NULL && old != NULL) {
		memcpy(new, old, had < size ? had : size);
		wipe(old);
	}
	return new;
}

void
memory_wipe_tls(void)
{
	gnutls_free = wipe;
	gnutls_realloc = move;
}
