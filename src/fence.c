/* SPDX-License-Identifier: ISC */
/* What delivery may reach. */
#include "fence.h"

#include "base/buf.h"
#include "base/confine.h"
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

static bool
starts_programs(const struct config *c)
{
	for (size_t i = 0; i < c->relay_count; i++)
		if (c->relays[i].password_command != NULL ||
		    (c->relays[i].oauth != NULL &&
			c->relays[i].oauth->grant == GRANT_COMMAND))
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

	if (starts_programs(c))
		return;
	readable =
	    must_calloc(known + 5 * c->relay_count + 1, sizeof *readable);
	memcpy(readable, system, sizeof system);
	for (size_t i = 0; i < c->relay_count; i++) {
		const struct relay *r = &c->relays[i];

		if (r->password_file != NULL)
			readable[n++] = folder_of(r->password_file);
		if (r->proxy_password_file != NULL)
			readable[n++] = folder_of(r->proxy_password_file);
		if (r->tls_ca_file != NULL)
			readable[n++] = folder_of(r->tls_ca_file);
		if (r->oauth != NULL && r->oauth->client_secret_file != NULL)
			readable[n++] = folder_of(r->oauth->client_secret_file);
		if (r->oauth != NULL && r->oauth->ca_file != NULL)
			readable[n++] = folder_of(r->oauth->ca_file);
	}
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
