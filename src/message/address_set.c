/* SPDX-License-Identifier: ISC */
/* A set of addresses. */
#include "message/address_set.h"

#include "message/address.h"

#include <search.h>
#include <stdlib.h>

bool
address_set_add(struct address_set *s, char *address)
{
	bool is_new = !address_set_has(s, address);

	if (is_new)
		tsearch(address, &s->root, address_compare);
	else
		free(address);
	return is_new;
}

bool
address_set_has(const struct address_set *s, const char *address)
{
	return tfind(address, &s->root, address_compare) != NULL;
}

void
address_set_release(struct address_set *s)
{
	tdestroy(s->root, free);
	s->root = NULL;
}
