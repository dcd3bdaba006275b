/* SPDX-License-Identifier: ISC */
/* Who a recipient is, by the aliases. */
#include "alias/expand.h"

#include "base/buf.h"
#include "base/limits.h"

#include <stdlib.h>

/* One expansion. Each alias is followed once, however many lead to it: so none
 * goes round for ever, and what leads back to where it came from adds nobody,
 * and loses nobody. */
struct walk {
	const struct alias_scope *scope;
	struct address_list found;
	bool *seen; /* one for each alias */
	bool nothing;
	int depth;
	int lists; /* read */
	struct error *err;
};

static int follow(struct walk *w, const char *address, const struct alias *by);

/* The local part; false: it is an address elsewhere. */
static bool
local_part(const struct alias_scope *s, const char *address, struct span *name)
{
	size_t at = address_domain(span_of(address));

	*name = span(address, at);
	if (address[at] == '\0')
		return true;
	name->len--;
	for (size_t i = 0; s->own[i] != NULL; i++)
		if (strcasecmp(address + at, s->own[i]) == 0)
			return true;
	return false;
}

bool
alias_is_local(const struct alias_scope *s, const char *address)
{
	struct span name;

	return local_part(s, address, &name);
}

bool
alias_is_known(const struct alias_scope *s, const char *name)
{
	const struct aliases *a = s->aliases;

	return aliases_find(a, span_of(name)) != NULL ||
	       aliases_catch_all(a) != NULL || a->wrong != NULL;
}

static int
say_wrong(struct walk *w, const struct alias *a, int line, const char *why)
{
	return error_set(w->err, ERR_CONFIG, "%s:%d: %s: %s",
	    w->scope->aliases->path, line, a->name, why);
}

static int
add(struct walk *w, char *address)
{
	struct address_list *to = &w->found;

	if (to->count == ALIAS_ADDRESSES_MAX) {
		free(address);
		return error_set(w->err, ERR_CONFIG, "more than %d addresses",
		    ALIAS_ADDRESSES_MAX);
	}
	to->at = must_grow(to->at, to->count, sizeof to->at[0]);
	to->at[to->count++] = address;
	return 0;
}

/* Meant as it is, by alias by, or by none. */
static int
add_itself(struct walk *w, const char *address, const struct alias *by)
{
	const char *domain = w->scope->domain;
	const char *path = w->scope->aliases->path;

	if (address_domain_of(address)[0] != '\0')
		return add(w, must_strdup(address));
	if (domain == NULL && by != NULL)
		return error_set(w->err, ERR_CONFIG,
		    "%s:%d: %s: leads to %s, which is no other alias; write "
		    "%s@DOMAIN, or set \"domain\" in the configuration",
		    path, by->line, by->name, address, address);
	if (domain == NULL)
		return error_set(w->err, ERR_CONFIG,
		    "%s: has no domain, and no alias%s%s; add one, or set "
		    "\"domain\" in the configuration",
		    address, path != NULL ? " in " : "",
		    path != NULL ? path : "");
	return add(w, address_qualify(address, domain));
}

/* A list is for the alias that names it, whichever list that is in. */
static int follow_targets(struct walk *w, const struct alias_targets *to,
    const char *path, const struct alias *by);

static int
follow_list(struct walk *w, const char *path, const struct alias *by)
{
	struct alias_targets to = {0};
	int rc;

	if (w->lists++ == ALIAS_LISTS_MAX)
		return error_set(w->err, ERR_CONFIG,
		    "more than %d lists by :include:", ALIAS_LISTS_MAX);
	rc = targets_read(&to, path, w->scope->public, w->err);
	if (rc == 0)
		rc = follow_targets(w, &to, path, by);
	targets_release(&to);
	return rc;
}

static int
follow_target(struct walk *w, const struct alias_target *t, const char *path,
    const struct alias *by)
{
	switch (t->kind) {
	case TARGET_ADDRESS:
		return follow(w, t->text, by);
	case TARGET_NAME:
		return add_itself(w, t->text, by);
	case TARGET_LIST:
		return follow_list(w, t->text, by);
	case TARGET_NOTHING:
		w->nothing = true;
		return 0;
	case TARGET_WRONG:
		break;
	}
	return error_set(
	    w->err, ERR_CONFIG, "%s:%d: %s", path, t->line, t->text);
}

static int
follow_targets(struct walk *w, const struct alias_targets *to, const char *path,
    const struct alias *by)
{
	int rc = 0;

	if (++w->depth > ALIAS_DEPTH_MAX)
		rc = say_wrong(w, by, by->line,
		    "more aliases and lists within each other than may be");
	for (size_t i = 0; rc == 0 && i < to->count; i++)
		rc = follow_target(w, &to->at[i], path, by);
	w->depth--;
	return rc;
}

/* The catch-all is for names that somebody made up: who writes a whole address
 * at the domain where people are means that, and an alias means whom it names.
 */
static const struct alias *
catch_all(const struct walk *w, const char *address, const struct alias *by)
{
	const char *domain = address_domain_of(address);

	if (by != NULL || (domain[0] != '\0' && w->scope->domain != NULL &&
			      strcasecmp(domain, w->scope->domain) == 0))
		return NULL;
	return aliases_catch_all(w->scope->aliases);
}

/* by: the alias that led here; NULL: none. */
static int
follow(struct walk *w, const char *address, const struct alias *by)
{
	const struct aliases *aliases = w->scope->aliases;
	const struct alias *a;
	struct span name;

	if (!local_part(w->scope, address, &name))
		return add_itself(w, address, by);
	a = aliases_find(aliases, name);
	/* Whoever is named by an alias of the same name has a mailbox, too. */
	if (a != NULL && a == by)
		return add_itself(w, address, by);
	/* What cannot be read may be what is looked for. */
	if (a == NULL && aliases->wrong != NULL)
		return error_set(w->err, ERR_CONFIG, "%s", aliases->wrong);
	if (a == NULL)
		a = catch_all(w, address, by);
	if (a == NULL)
		return add_itself(w, address, by);
	if (w->seen[a - aliases->at])
		return 0;
	w->seen[a - aliases->at] = true;
	if (a->wrong != NULL)
		return say_wrong(w, a, a->line, a->wrong);
	return follow_targets(w, &a->to, aliases->path, a);
}

int
alias_expand(const struct alias_scope *s, const char *address,
    struct address_list *list, bool *nothing, struct error *err)
{
	struct walk w = {.scope = s, .err = err};
	int rc;

	w.seen = must_calloc(s->aliases->count + 1, sizeof w.seen[0]);
	rc = follow(&w, address, NULL);
	if (rc == 0 && w.found.count == 0 && !w.nothing)
		rc = error_set(err, ERR_CONFIG,
		    "%s: %s: leads to nobody, but back to itself or to empty "
		    "lists",
		    s->aliases->path, address);
	for (size_t i = 0; rc == 0 && i < w.found.count; i++) {
		list->at = must_grow(list->at, list->count, sizeof list->at[0]);
		list->at[list->count++] = w.found.at[i];
	}
	if (rc == 0)
		w.found.count = 0;
	*nothing = w.nothing;
	address_list_release(&w.found);
	free(w.seen);
	return rc;
}
