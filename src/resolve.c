/* SPDX-License-Identifier: ISC */
/* Who gets a message by the aliases as they are now. */
#include "resolve.h"

#include "base/buf.h"
#include "message/address_set.h"

#include <stdlib.h>

struct alias_scope
resolve_scope(const struct config *c, const struct aliases *aliases)
{
	return (struct alias_scope){
	    .aliases = aliases,
	    .own = (const char *const *)c->own_names,
	    .domain = c->domain,
	    .public = !c->own,
	};
}

int
resolve_load(struct aliases *aliases, const struct config *c, struct error *err)
{
	if (c->aliases == NULL)
		return 0;
	return aliases_load(aliases, c->aliases, c->aliases_may_miss, err);
}

/* One resolution. */
struct work {
	struct resolution *r;
	struct entry *e;
	struct alias_scope scope;
	struct address_set
	    present;               /* addresses that are among the recipients */
	struct address_set wanted; /* those that aliases stand for by now */
	resolve_note *note;
	void *context;
};

/* Is it to be looked up, or was it before? */
static bool
is_concerned(const struct work *w, size_t i)
{
	switch (w->e->status[i].state) {
	case RCPT_WAITING:
		return i < w->e->named && alias_is_local(&w->scope,
					      w->e->envelope.rcpt[i].address);
	case RCPT_ALIASED:
		return true;
	default:
		return false;
	}
}

static void
note(struct work *w, enum event event, size_t rcpt, const char *text)
{
	struct record r;

	record_set(&r, event, rcpt, NULL, text);
	w->note(w->context, &r);
}

static char *
whole(const struct work *w, size_t i)
{
	return address_qualify(w->e->envelope.rcpt[i].address, w->scope.domain);
}

/* All that get it without a word of the aliases. */
static void
note_present(struct work *w)
{
	for (size_t i = 0; i < w->e->envelope.rcpt_count; i++)
		if (!is_concerned(w, i) &&
		    w->e->status[i].state != RCPT_DROPPED)
			address_set_add(&w->present, whole(w, i));
}

static void
fail(struct work *w, size_t i, const char *why)
{
	if (w->r->trouble == NULL)
		w->r->trouble =
		    must_calloc(ENTRY_RCPT_MAX, sizeof w->r->trouble[0]);
	free(w->r->trouble[i]);
	w->r->trouble[i] = must_strdup(why);
}

/* Recipient i stands for these; false: there is no room for them. */
static bool
add_all(struct work *w, size_t i, const struct address_list *list)
{
	struct record record;

	for (size_t k = 0; k < list->count; k++) {
		if (address_set_has(&w->present, list->at[k]))
			continue;
		if (!entry_alias(w->e, i, list->at[k], &record))
			return false;
		w->note(w->context, &record);
		address_set_add(&w->present, must_strdup(list->at[k]));
	}
	return true;
}

/* No alias, and nobody else that stands for the same? */
static bool
is_itself(struct work *w, size_t i, const struct address_list *list)
{
	char *address = whole(w, i);
	bool same = w->e->status[i].state == RCPT_WAITING && list->count == 1 &&
		    address_compare(list->at[0], address) == 0 &&
		    !address_set_has(&w->present, address);

	free(address);
	return same;
}

static void
take(struct work *w, size_t i, const struct address_list *list)
{
	for (size_t k = 0; k < list->count; k++)
		address_set_add(&w->wanted, must_strdup(list->at[k]));
	if (list->count == 0 && w->e->status[i].state == RCPT_WAITING) {
		note(w, EVENT_DELIVERED, i,
		    "thrown away: its alias is "
		    "/dev/null");
		w->r->discarded++;
	} else if (is_itself(w, i, list)) {
		address_set_add(&w->present, must_strdup(list->at[0]));
	} else if (!add_all(w, i, list)) {
		fail(w, i,
		    "its alias stands for more recipients than a "
		    "message can have; send it in parts");
	} else if (w->e->status[i].state == RCPT_WAITING) {
		note(w, EVENT_EXPANDED, i, "");
	}
}

static void
look_up(struct work *w, size_t i)
{
	struct address_list list = {0};
	struct error why;
	bool nothing;

	if (alias_expand(&w->scope, w->e->envelope.rcpt[i].address, &list,
		&nothing, &why) == 0)
		take(w, i, &list);
	else
		fail(w, i, why.text);
	address_list_release(&list);
}

/* Whoever stands for an alias that is in trouble waits for that; who stands for
 * none any longer does not get it. */
static void
look_after(struct work *w, size_t i)
{
	size_t alias = w->e->status[i].alias;

	if (alias >= w->e->named || w->e->status[i].state != RCPT_WAITING)
		return;
	if (w->r->trouble != NULL && w->r->trouble[alias] != NULL)
		fail(w, i, w->r->trouble[alias]);
	else if (!address_set_has(&w->wanted, w->e->envelope.rcpt[i].address))
		note(w, EVENT_DROPPED, i, "its alias was changed");
}

static bool
is_any_concerned(const struct work *w)
{
	if (entry_count(w->e, RCPT_WAITING) == 0)
		return false;
	for (size_t i = 0; i < w->e->named; i++)
		if (is_concerned(w, i))
			return true;
	return false;
}

/* All of e, now that it can be known who that is. */
static void
look_up_all(struct work *w, struct aliases *aliases, const struct config *c)
{
	struct error why;
	bool known = resolve_load(aliases, c, &why) == 0;

	note_present(w);
	for (size_t i = 0; i < w->e->named; i++) {
		if (!is_concerned(w, i))
			continue;
		if (known)
			look_up(w, i);
		else
			fail(w, i, why.text);
	}
	w->r->count = w->e->envelope.rcpt_count;
	for (size_t i = w->e->named; i < w->r->count; i++)
		look_after(w, i);
}

void
resolve(struct resolution *r, struct entry *e, const struct config *c,
    struct aliases *aliases, resolve_note *take_note, void *context)
{
	struct work w = {.r = r,
	    .e = e,
	    .scope = resolve_scope(c, aliases),
	    .note = take_note,
	    .context = context};

	*r = (struct resolution){.count = e->envelope.rcpt_count};
	if (is_any_concerned(&w))
		look_up_all(&w, aliases, c);
	address_set_release(&w.present);
	address_set_release(&w.wanted);
}

void
resolution_release(struct resolution *r)
{
	for (size_t i = 0; r->trouble != NULL && i < r->count; i++)
		free(r->trouble[i]);
	free(r->trouble);
	*r = (struct resolution){0};
}

static void
apply(void *context, const struct record *r)
{
	entry_apply(context, r);
}

int
resolve_all(struct entry *e, const struct config *c, struct aliases *aliases,
    struct error *err)
{
	struct resolution r;
	int rc = 0;

	resolve(&r, e, c, aliases, apply, e);
	for (size_t i = 0; rc == 0 && r.trouble != NULL && i < r.count; i++)
		if (r.trouble[i] != NULL)
			rc = error_set(err, ERR_CONFIG, "%s", r.trouble[i]);
	resolution_release(&r);
	return rc;
}
