/* SPDX-License-Identifier: ISC */
/* Who a recipient is, by the aliases. */
#ifndef ALIAS_EXPAND_H
#define ALIAS_EXPAND_H

#include "alias/aliases.h"
#include "base/error.h"
#include "message/address.h"

#include <stdbool.h>

/* What names are looked up in, and what they are without an alias. */
struct alias_scope {
	const struct aliases *aliases;
	const char *const *own; /* names of this host; ends in NULL */
	const char *domain;     /* of names without an alias; NULL: none */
	bool public;            /* lists must be readable for everybody */
};

/* Can it have an alias: has it no domain, or one of this host's names? */
bool alias_is_local(const struct alias_scope *s, const char *address);

/* Has this bare name an alias? Also true when a mistake in the file leaves it
 * open: delivery waits until that is mended. */
bool alias_is_known(const struct alias_scope *s, const char *name);

/*
 * Appends to the list every address that address stands for, each alias
 * followed once; or if it has no alias, itself, with a domain. *nothing: one of
 * them is /dev/null. After 0 there is an address in the list, or *nothing.
 *
 * ERR_CONFIG, for a person who can mend the file: FILE:LINE: NAME: what is
 * wrong with it, or with what it leads to. Nothing is appended then.
 */
int alias_expand(const struct alias_scope *s, const char *address,
    struct address_list *list, bool *nothing, struct error *err);

#endif
