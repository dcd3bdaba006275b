/* SPDX-License-Identifier: ISC */
/*
 * What a sender becomes at a relay that would refuse it: the rules for one
 * address. The envelope and the header (authors.h) go by the same. What each
 * setting means is in pillarbox.conf(5).
 */
#ifndef MESSAGE_IDENTITY_H
#define MESSAGE_IDENTITY_H

#include "message/mends.h"

#include <stdbool.h>

enum identity_mode {
	IDENTITY_KEEP,
	IDENTITY_QUALIFY, /* senders at names of this host become from */
	IDENTITY_FORCE,   /* so does all but from and what senders fit */
};

/* Borrowed from a configuration (config_identity()). */
struct identity {
	enum identity_mode mode;
	const char *from;        /* NULL only with IDENTITY_KEEP */
	char *const *senders;    /* patterns; ends in NULL */
	char *const *masquerade; /* "DOMAIN=DOMAIN"; ends in NULL */
	char *const *own_names;  /* of this host; ends in NULL */
};

/* In the order of how much is left of the address. */
enum identity_change {
	IDENTITY_SAME,
	IDENTITY_MASQUERADED, /* another domain, the same mailbox */
	IDENTITY_LOCAL,       /* it was of this host: nobody can answer it */
	IDENTITY_FORCED,      /* it was not one of the relay's */
};

/* Can nothing become of any sender? Then no message need be looked at. */
bool identity_is_idle(const struct identity *id);

/*
 * What becomes of address, in envelope form, "" being the null sender. *to is
 * the new one, to be freed; NULL with IDENTITY_SAME.
 */
enum identity_change identity_of(
    const struct identity *id, const char *address, char **to);

/* The same for the sender of an envelope, said in log; NULL: it stays. */
char *identity_sender(
    const struct identity *id, const char *sender, struct mends *log);

/* Why, for people: "it is an address of this host". */
const char *identity_reason(enum identity_change change);

#endif
