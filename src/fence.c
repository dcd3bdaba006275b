/* SPDX-License-Identifier: ISC */
/* What delivery may reach. */
#include "fence.h"

#include "base/buf.h"
#include "base/confine.h"
#include "base/process.h"
#include "base/syscalls.h"
#include "queue/folder.h"

#include <stdlib.h>
#include <string.h>

/* Resolver, name services, time zones and certificates, wherever a system has
 * them; with modules that are loaded when they are needed. */
#define SYSTEM_FOLDERS                                                     \
	"/etc", "/usr", "/lib", "/lib64", "/run", "/dev", "/proc", "/nix", \
	    "/gnu", "/var/lib/ca-certificates", "/var/lib/sss", "/var/db"

/* A file is looked up again by its name, which may be another file by then. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return must_strdup(".");
	return must_spandup(
	    span(path, slash == path ? 1 : (size_t)(slash - path)));
}

/* What a token's module needs, nobody knows. */
static bool
is_in_token(const char *place)
{
	return place != NULL && place[0] != '/';
}

static bool
needs_anything(const struct config *c)
{
	for (size_t i = 0; i < c->relay_count; i++)
		if (c->relays[i].password_command != NULL ||
		    c->relays[i].tls_key_password_command != NULL ||
		    (c->relays[i].oauth != NULL &&
			c->relays[i].oauth->grant == GRANT_COMMAND) ||
		    is_in_token(c->relays[i].tls_certificate) ||
		    is_in_token(c->relays[i].tls_key))
			return true;
	return false;
}

static bool
has_source(const struct config *c)
{
	for (size_t i = 0; i < c->relay_count; i++)
		if (c->relays[i].source_address != NULL)
			return true;
	return false;
}

/* Paths, each to be freed. */
struct paths {
	char **at;
	size_t count;
};

/* Takes it over. */
static void
push(struct paths *p, char *path)
{
	p->at = must_grow(p->at, p->count, sizeof p->at[0]);
	p->at[p->count++] = path;
}

static void
add_relay(struct paths *p, const struct relay *r)
{
	const char *const files[] = {r->password_file, r->proxy_password_file,
	    r->netrc_file, r->tls_ca_file, r->tls_crl_file, r->tls_certificate,
	    r->tls_key, r->tls_key_password_file,
	    r->oauth != NULL ? r->oauth->client_secret_file : NULL,
	    r->oauth != NULL ? r->oauth->ca_file : NULL};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		if (files[i] != NULL)
			push(p, folder_of(files[i]));
}

/* The folders of the aliases and of the lists that they name, as they are now.
 * What is named later may be out of reach, and then that is said. */
static void
add_aliases(
    struct paths *p, const struct config *c, const struct aliases *aliases)
{
	if (c->aliases != NULL)
		push(p, folder_of(c->aliases));
	for (size_t i = 0; i < aliases->count; i++) {
		const struct alias_targets *to = &aliases->at[i].to;

		for (size_t k = 0; k < to->count; k++)
			if (to->at[k].kind == TARGET_LIST)
				push(p, folder_of(to->at[k].text));
	}
}

/* What it reads. */
static struct paths
readable(const struct config *c, const struct aliases *aliases)
{
	static const char *const system[] = {SYSTEM_FOLDERS};
	struct paths p = {0};

	for (size_t i = 0; i < sizeof system / sizeof system[0]; i++)
		push(&p, must_strdup(system[i]));
	for (size_t i = 0; i < c->relay_count; i++)
		add_relay(&p, &c->relays[i]);
	if (process_credentials() != NULL)
		push(&p, must_strdup(process_credentials()));
	add_aliases(&p, c, aliases);
	push(&p, NULL);
	return p;
}

void
fence(const struct config *c, const struct aliases *aliases, bool listens)
{
	const char *tmp = getenv("TMPDIR");
	const char *writable[6] = {"/var/tmp", "/tmp", "/dev/null"};
	struct error ignored;
	struct paths read;
	size_t w = 3;

	if (needs_anything(c))
		return;
	if (tmp != NULL && tmp[0] == '/')
		writable[w++] = tmp;
	if (c->queue_path != NULL) {
		/* Opening it says what is wrong if that cannot be done. */
		if (c->own)
			folder_make_path(c->queue_path, &ignored);
		writable[w++] = c->queue_path;
	}
	read = readable(c, aliases);
	confine(
	    (const char *const *)read.at, writable, listens || has_source(c));
	syscalls_give_up();
	for (size_t i = 0; i < read.count; i++)
		free(read.at[i]);
	free(read.at);
}
