/* SPDX-License-Identifier: ISC */
/* The aliases, as far as they can be judged without the network; also the verb
 * of newaliases. */
#include "check.h"

#include "config/paths.h"
#include "resolve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

static size_t
say(const char *text)
{
	fprintf(stderr, "pillarbox: %s\n", text);
	return 1;
}

/* Whoever can write it decides who gets root's mail. */
static size_t
check_rights(const struct aliases *a)
{
	if (a->stamp.st_nlink == 0 ||
	    (a->stamp.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return 0;
	fprintf(stderr,
	    "pillarbox: %s: others can write it; run: chmod go-w %s\n", a->path,
	    a->path);
	return 1;
}

/* With all that it leads to. */
static size_t
check_alias(const struct alias_scope *scope, const struct alias *alias)
{
	struct address_list list = {0};
	struct error err;
	size_t wrong = 0;
	bool nothing;

	if (alias_expand(scope, alias->name, &list, &nothing, &err) != 0)
		wrong = say(err.text);
	address_list_release(&list);
	return wrong;
}

static size_t
check_all(const struct config *c, const struct aliases *a)
{
	struct aliases readable = *a;
	struct alias_scope scope = resolve_scope(c, &readable);
	size_t wrong = check_rights(a);

	if (a->wrong != NULL)
		wrong += say(a->wrong);
	/* Which is said once, and not of all that it may be meant for. */
	readable.wrong = NULL;
	for (size_t i = 0; i < a->count; i++) {
		/* Of two of a name the first one tells of both. */
		if (i > 0 && strcmp(a->at[i].name, a->at[i - 1].name) == 0)
			continue;
		wrong += check_alias(&scope, &a->at[i]);
	}
	return wrong;
}

size_t
check_aliases(const struct config *c)
{
	struct aliases aliases = {0};
	struct error err;
	size_t wrong;

	if (resolve_load(&aliases, c, &err) != 0)
		return say(err.text);
	wrong = check_all(c, &aliases);
	aliases_release(&aliases);
	return wrong;
}

/* Packages call newaliases when they are installed, whatever else is there. */
static bool
is_configured(const struct options *o)
{
	bool own;
	char *path = paths_config(o->config, &own);
	bool there = access(path, F_OK) == 0 || errno != ENOENT;

	free(path);
	return there;
}

int
newaliases(const struct options *o, struct error *err)
{
	struct config config;
	size_t wrong;

	if (!is_configured(o))
		return EX_OK;
	if (config_load(&config, o->config, err) != 0)
		return -1;
	wrong = check_aliases(&config);
	config_release(&config);
	return wrong > 0 ? EX_CONFIG : EX_OK;
}
