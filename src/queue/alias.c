/* SPDX-License-Identifier: ISC */
/* Recipients of an entry that an alias has added. */
#include "base/text.h"
#include "message/address.h"
#include "message/dsn.h"
#include "queue/entry.h"

#include <stdio.h>
#include <stdlib.h>

bool
entry_alias(
    const struct entry *e, size_t rcpt, const char *address, struct record *r)
{
	char text[REPLY_TEXT_MAX];

	if (e->envelope.rcpt_count >= ENTRY_RCPT_MAX)
		return false;
	snprintf(text, sizeof text, "%zu <%s>", rcpt + 1, address);
	record_set(r, EVENT_ALIASED, e->envelope.rcpt_count, NULL, text);
	return true;
}

/* NUMBER <ADDRESS> */
static bool
read_alias(
    const struct entry *e, const char *text, size_t *rcpt, struct span *address)
{
	struct span rest = span_of(text), number;
	struct error ignored;
	unsigned long long n;

	if (!span_cut(&rest, ' ', &number) ||
	    !text_number(number, e->named, &n) || n == 0 || rest.len < 2 ||
	    rest.at[0] != '<' || rest.at[rest.len - 1] != '>')
		return false;
	*rcpt = (size_t)n - 1;
	*address = span(rest.at + 1, rest.len - 2);
	return address_check_form(*address, &ignored) == 0;
}

static char *
copy(const char *text)
{
	return text != NULL ? must_strdup(text) : NULL;
}

/* RFC 3461 5.2.7: with what was asked for, and for whom, as it was said. */
static void
add(struct entry *e, size_t rcpt, struct span address, enum rcpt_state state)
{
	struct envelope *envelope = &e->envelope;
	size_t n = envelope->rcpt_count;
	const struct recipient *from;

	envelope->rcpt = must_grow(envelope->rcpt, n, sizeof envelope->rcpt[0]);
	envelope->rcpt_count++;
	e->status = must_grow(e->status, n, sizeof e->status[0]);
	from = &envelope->rcpt[rcpt];
	envelope->rcpt[n] = (struct recipient){
	    .address = must_spandup(address),
	    .notify = copy(from->notify),
	    .orcpt = from->orcpt != NULL ? must_strdup(from->orcpt)
					 : dsn_orcpt_of(from->address),
	};
	envelope->utf8 = envelope->utf8 || address_is_utf8(address);
	e->status[n] = (struct rcpt_status){.state = state, .alias = rcpt};
}

void
entry_take_alias(struct entry *e, const struct record *r)
{
	struct span address;
	size_t rcpt;

	if (r->rcpt >= ENTRY_RCPT_MAX || r->rcpt < e->envelope.rcpt_count ||
	    !read_alias(e, r->text, &rcpt, &address))
		return;
	/* What is said of those behind a record that has rotten is said of
	 * them: each keeps its number. Whoever is missing is added anew. */
	while (e->envelope.rcpt_count < r->rcpt)
		add(e, rcpt, span_of(e->envelope.rcpt[rcpt].address),
		    RCPT_DROPPED);
	add(e, rcpt, address, RCPT_WAITING);
}
