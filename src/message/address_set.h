/* SPDX-License-Identifier: ISC */
/* A set of addresses, told apart as address_compare() does. Begins as {0}. */
#ifndef MESSAGE_ADDRESS_SET_H
#define MESSAGE_ADDRESS_SET_H

#include <stdbool.h>

struct address_set {
	void *root; /* of search.h, whose names clash with ours */
};

/* Takes the address over; false: it was there already. */
bool address_set_add(struct address_set *s, char *address);

bool address_set_has(const struct address_set *s, const char *address);

void address_set_release(struct address_set *s);

#endif
