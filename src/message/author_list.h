/* SPDX-License-Identifier: ISC */
/* The body of one field of authors, made good for a relay. Private to message/,
 * for authors.c. */
#ifndef MESSAGE_AUTHOR_LIST_H
#define MESSAGE_AUTHOR_LIST_H

#include "base/buf.h"
#include "base/span.h"
#include "message/identity.h"
#include "message/mends.h"

#include <stdbool.h>
#include <stddef.h>

struct author_list {
	enum identity_change change; /* the greatest of them */
	size_t count;                /* mailboxes */
	bool answerable;             /* each of them has an address that means
					something elsewhere */
};

/* Looks at body. */
struct author_list author_list_of(struct span body, const struct identity *id);

/* Appends body with each mailbox as it becomes, and says so in log. */
void author_list_add(struct span body, const struct identity *id,
    const char *name, struct buf *to, struct mends *log);

/* The same with one mailbox only: the first that stays, else the first, else
 * from. */
void author_list_add_one(struct span body, const struct identity *id,
    const char *name, struct buf *to, struct mends *log);

#endif
