/* SPDX-License-Identifier: ISC */
/* The mailboxes of an address field, with the text that they stand in (RFC 5322
 * 3.4): for changing one and leaving the others. Private to message/. */
#ifndef MESSAGE_MAILBOX_H
#define MESSAGE_MAILBOX_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct mailbox {
	struct span lead;  /* what stands before it: commas, names of groups */
	struct span whole; /* up to the next comma or semicolon */
	struct span name;  /* before "<", blanks not; empty: there is none */
	struct span spec;  /* the address, with its "<" and ">" if it has them,
			      and with comments if not */
};

/* Takes the next mailbox from *rest. False at the end: then lead is what was
 * left. */
bool mailbox_next(struct span *rest, struct mailbox *m);

/* Its address in envelope form, to be freed; NULL: it is none. */
char *mailbox_address(const struct mailbox *m);

/*
 * Appends a display name by which people know who it was when it has another
 * address: its name as it stands, else "local (comment)", else "local at
 * domain". address: its own, or NULL; then nothing may be appended.
 */
void mailbox_add_name(
    const struct mailbox *m, const char *address, struct buf *to);

/* Appends all of it, with domain in place of its own. */
void mailbox_add_in(
    const struct mailbox *m, const char *domain, struct buf *to);

#endif
