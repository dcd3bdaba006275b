/* SPDX-License-Identifier: ISC */
/* The body of one field of authors. */
#include "message/author_list.h"

#include "message/address.h"
#include "message/mailbox.h"

#include <stdlib.h>

/* A mailbox and what becomes of it. */
struct author {
	struct mailbox mailbox;
	char *address; /* NULL: it cannot be read */
	char *becomes; /* NULL: it stays */
	enum identity_change change;
};

static void
look(struct author *a, const struct identity *id)
{
	a->becomes = NULL;
	a->change = IDENTITY_SAME;
	a->address = mailbox_address(&a->mailbox);
	if (a->address != NULL) {
		a->change = identity_of(id, a->address, &a->becomes);
	} else if (id->mode == IDENTITY_FORCE) {
		a->change = IDENTITY_LOCAL;
		a->becomes = must_strdup(id->from);
	}
}

static void
forget(struct author *a)
{
	free(a->address);
	free(a->becomes);
}

static void
add(const struct author *a, const char *name, struct buf *to, struct mends *log)
{
	const struct mailbox *m = &a->mailbox;

	if (a->change == IDENTITY_SAME) {
		buf_add_span(to, m->whole);
		return;
	}
	mends_add(log, "%s: <%s> becomes <%s>: %s", name,
	    a->address != NULL ? a->address : "?", a->becomes,
	    identity_reason(a->change));
	if (a->change == IDENTITY_MASQUERADED) {
		mailbox_add_in(m, address_domain_of(a->becomes), to);
		return;
	}
	buf_add_byte(to, ' ');
	mailbox_add_name(m, a->address, to);
	buf_printf(to, " <%s>", a->becomes);
}

struct author_list
author_list_of(struct span body, const struct identity *id)
{
	struct author_list list = {.answerable = true};
	struct author a;

	while (mailbox_next(&body, &a.mailbox)) {
		look(&a, id);
		if (a.change > list.change)
			list.change = a.change;
		if (a.address == NULL || a.change == IDENTITY_LOCAL)
			list.answerable = false;
		list.count++;
		forget(&a);
	}
	/* A group of nobody: no relay knows whose that is. */
	if (list.count == 0 && id->mode == IDENTITY_FORCE)
		list.change = IDENTITY_FORCED;
	list.answerable = list.answerable && list.count > 0;
	return list;
}

void
author_list_add(struct span body, const struct identity *id, const char *name,
    struct buf *to, struct mends *log)
{
	struct author a;

	while (mailbox_next(&body, &a.mailbox)) {
		buf_add_span(to, a.mailbox.lead);
		look(&a, id);
		add(&a, name, to, log);
		forget(&a);
	}
	buf_add_span(to, a.mailbox.lead);
}

/* The one that stays, or else the first; false: there is none. */
static bool
choose(struct span body, const struct identity *id, struct author *best)
{
	struct author a;
	bool found = false;

	while (mailbox_next(&body, &a.mailbox)) {
		look(&a, id);
		if (found && (best->change <= IDENTITY_MASQUERADED ||
				 a.change > IDENTITY_MASQUERADED)) {
			forget(&a);
			continue;
		}
		if (found)
			forget(best);
		*best = a;
		found = true;
	}
	return found;
}

void
author_list_add_one(struct span body, const struct identity *id,
    const char *name, struct buf *to, struct mends *log)
{
	struct author a;

	if (!choose(body, id, &a)) {
		mends_add(log, "%s: it named nobody; <%s> was put there", name,
		    id->from);
		buf_printf(to, " %s", id->from);
		return;
	}
	if (a.change == IDENTITY_SAME)
		mends_add(
		    log, "%s: of several only <%s> stays", name, a.address);
	add(&a, name, to, log);
	forget(&a);
}
