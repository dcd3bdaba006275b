/* SPDX-License-Identifier: ISC */
/*
 * What RFC 5322 3.6 and RFC 2045 want of single fields: how often they may
 * stand, and in what form. One table. Private to message/.
 */
#ifndef MESSAGE_RULES_H
#define MESSAGE_RULES_H

#include "base/span.h"

#include <stdbool.h>

/* What to do about one more field of a name that may stand once. */
enum repeated {
	REPEATED_MERGE, /* lists of addresses: make them one */
	REPEATED_FIRST, /* the first counts, as readers do it */
	REPEATED_EQUAL, /* only if it says the same; else refuse */
};

/* What to do about the field, by its body. */
enum sound {
	SOUND,
	SOUND_EMPTY,    /* as good as missing: leave it out */
	SOUND_REPLACE,  /* no reader can use it: keep it under another name */
	SOUND_BRACKETS, /* a Message-ID that lacks only these */
	SOUND_NAME,     /* an author's name without an address */
	SOUND_REFUSE,   /* what it means is not sure */
};

struct rule {
	const char *name;
	enum repeated repeated;
	enum sound (*check)(struct span body);
	bool addresses; /* a list of mailboxes, which need a domain */
};

/* The rule for a field, or NULL. */
const struct rule *rule_find(struct span name);

#endif
