/* SPDX-License-Identifier: ISC */
/* What delivery may reach. */
#include "fence.h"

#include "base/buf.h"
#include "base/confine.h"
#include "base/process.h"
#include "base/syscalls.h"
#include "queue/folder.h"
#include "resolve.h"

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

/* The folders of the aliases and of the lists that they name, as they are now.
 * What is named later may be out of reach, and then that is said. */
static size_t
add_aliases(const struct config *c, const char ***readable, size_t n)
{
	struct aliases aliases = {0};
	struct error ignored;

	if (c->aliases == NULL)
		return n;
	(*readable)[n++] = folder_of(c->aliases);
	resolve_load(&aliases, c, &ignored);
	for (size_t i = 0; i < aliases.count; i++) {
		const struct alias_targets *to = &aliases.at[i].to;

		for (size_t k = 0; k < to->count; k++) {
			if (to->at[k].kind != TARGET_LIST)
				continue;
			*readable =
			    must_realloc(*readable, n + 2, sizeof **readable);
			(*readable)[n++] = folder_of(to->at[k].text);
		}
	}
	(*readable)[n] = NULL;
	aliases_release(&aliases);
	return n;
}

void
fence(const struct config *c, bool listens)
{
	static const char *const system[] = {SYSTEM_FOLDERS};
	const size_t known = sizeof system / sizeof system[0];
	const char *tmp = getenv("TMPDIR");
	const char *writable[6] = {"/var/tmp", "/tmp", "/dev/null"};
	const char **readable;
	struct error ignored;
	size_t n = known, w = 3;

	if (needs_anything(c))
		return;
	readable =
	    must_calloc(known + 10 * c->relay_count + 3, sizeof *readable);
	memcpy(readable, system, sizeof system);
	for (size_t i = 0; i < c->relay_count; i++) {
		const struct relay *r = &c->relays[i];

		if (r->password_file != NULL)
			readable[n++] = folder_of(r->password_file);
		if (r->proxy_password_file != NULL)
			readable[n++] = folder_of(r->proxy_password_file);
		if (r->netrc_file != NULL)
			readable[n++] = folder_of(r->netrc_file);
		if (r->tls_ca_file != NULL)
			readable[n++] = folder_of(r->tls_ca_file);
		if (r->tls_crl_file != NULL)
			readable[n++] = folder_of(r->tls_crl_file);
		if (r->tls_certificate != NULL)
			readable[n++] = folder_of(r->tls_certificate);
		if (r->tls_key != NULL)
			readable[n++] = folder_of(r->tls_key);
		if (r->tls_key_password_file != NULL)
			readable[n++] = folder_of(r->tls_key_password_file);
		if (r->oauth != NULL && r->oauth->client_secret_file != NULL)
			readable[n++] = folder_of(r->oauth->client_secret_file);
		if (r->oauth != NULL && r->oauth->ca_file != NULL)
			readable[n++] = folder_of(r->oauth->ca_file);
	}
	if (process_credentials() != NULL)
		readable[n++] = must_strdup(process_credentials());
	n = add_aliases(c, &readable, n);
	if (tmp != NULL && tmp[0] == '/')
		writable[w++] = tmp;
	if (c->queue_path != NULL) {
		/* Opening it says what is wrong if that cannot be done. */
		if (c->own)
			folder_make_path(c->queue_path, &ignored);
		writable[w++] = c->queue_path;
	}
	confine(readable, writable, listens || has_source(c));
	syscalls_give_up();
	while (n > known)
		free((char *)(uintptr_t)readable[--n]);
	free(readable);
}
