/* SPDX-License-Identifier: ISC */
/* The files and programs that a relay's section names. */
#include "check_files.h"

#include "base/span.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What makes it good for who delivers, in one go. */
static void
wrong_rights(struct files *f, const char *what, const char *path,
    const struct stat *st, const char *why)
{
	if (st->st_uid == f->uid)
		files_wrong(
		    f, "%s %s: %s; run: chmod 600 %s", what, path, why, path);
	else
		files_wrong(f, "%s %s: %s; run: chown 0:%lu %s; chmod 640 %s",
		    what, path, why, (unsigned long)f->gid, path, path);
}

/* By the rules of secret.c, but its content is not looked at. */
static void
check_password_file(struct files *f, const struct relay *relay,
    const char *setting, const char *path)
{
	char what[RELAY_NAME_SIZE + 40];
	struct stat st;
	bool shared;

	/* Only root may look into the system's folder. */
	if (!f->config->own && geteuid() != 0)
		return;
	snprintf(what, sizeof what, "relay \"%s\": %s", relay->name, setting);
	if (stat(path, &st) != 0) {
		files_wrong(f, "%s %s: %s", what, path, strerror(errno));
		return;
	}
	shared = st.st_uid == 0 && st.st_gid == f->gid;
	if (!S_ISREG(st.st_mode))
		files_wrong(f, "%s %s: not a plain file", what, path);
	else if ((st.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) != 0 ||
		 ((st.st_mode & S_IRGRP) != 0 && !shared))
		wrong_rights(f, what, path, &st, "others can read it");
	else if (st.st_uid != 0 && st.st_uid != f->uid)
		wrong_rights(f, what, path, &st, "belongs to another user");
	else if (!files_may_read(f, &st))
		wrong_rights(f, what, path, &st, "who delivers cannot read it");
	else if (st.st_size == 0)
		files_wrong(f, "%s %s: is empty", what, path);
}

/* Is a program of that name to be found, as execvp(3) would? */
static bool
is_there(const struct files *f, const char *name)
{
	const char *path = f->config->own ? getenv("PATH") : NULL;
	struct span rest = span_of(path != NULL ? path : "/usr/bin:/bin"), part;
	char file[PATH_MAX];

	if (strchr(name, '/') != NULL)
		return access(name, X_OK) == 0;
	while (span_cut(&rest, ':', &part))
		if (snprintf(file, sizeof file, "%.*s/%s", SPAN_ARG(part),
			name) < (int)sizeof file &&
		    access(file, X_OK) == 0)
			return true;
	return false;
}

static void
check_program(struct files *f, const struct relay *relay, const char *setting,
    char *const *command)
{
	if (command != NULL && !is_there(f, command[0]))
		files_wrong(f, "relay \"%s\": %s %s: no such program",
		    relay->name, setting, command[0]);
}

/* What senders become must be an address for the relay, too. */
static void
check_identity(struct files *f, const struct relay *relay)
{
	if (relay->identity != IDENTITY_KEEP &&
	    strchr(strrchr(relay->from, '@'), '.') == NULL)
		files_wrong(f,
		    "relay \"%s\": senders become <%s>, which is known to no "
		    "relay; write from = \"alerts@example.org\"",
		    relay->name, relay->from);
}

static void
check_public_file(struct files *f, const struct relay *relay,
    const char *setting, const char *path)
{
	struct stat st;

	if (path == NULL)
		return;
	if (stat(path, &st) != 0)
		files_wrong(f, "relay \"%s\": %s %s: %s", relay->name, setting,
		    path, strerror(errno));
	else if (!files_may_read(f, &st))
		files_wrong(f,
		    "relay \"%s\": %s %s: uid %lu, which delivers, cannot "
		    "read it; run: chmod a+r %s",
		    relay->name, setting, path, (unsigned long)f->uid, path);
}

/* The key stands beside the certificate, or in a file of its own. */
static void
check_key(struct files *f, const struct relay *relay)
{
	const char *certificate = relay->tls_certificate, *key = relay->tls_key;

	if (key != NULL && key[0] == '/')
		check_password_file(f, relay, "tls-key", key);
	if (certificate == NULL || certificate[0] != '/')
		return;
	if (key == NULL)
		check_password_file(f, relay, "tls-certificate", certificate);
	else
		check_public_file(f, relay, "tls-certificate", certificate);
}

/* Only its owner, and root, can see whether there is one. */
static void
check_token(struct files *f, const struct relay *relay)
{
	const struct config *c = f->config;
	char file[PATH_MAX];

	if ((!c->own && geteuid() != 0) || c->queue_path == NULL)
		return;
	if (snprintf(file, sizeof file, "%s/tokens/%s", c->queue_path,
		relay->name) < (int)sizeof file &&
	    access(file, F_OK) != 0)
		files_wrong(f,
		    "relay \"%s\": nobody has authorized it; run: pillarbox "
		    "--authorize %s",
		    relay->name, relay->name);
}

static void
check_oauth(struct files *f, const struct relay *relay)
{
	const struct oauth *o = relay->oauth;

	if (o->client_secret_file != NULL)
		check_password_file(
		    f, relay, "client-secret-file", o->client_secret_file);
	check_public_file(f, relay, "ca-file", o->ca_file);
	check_program(f, relay, "token-command", o->token_command);
	if (o->grant == GRANT_CODE || o->grant == GRANT_DEVICE)
		check_token(f, relay);
}

static void
check_credential(struct files *f, const struct relay *relay,
    const char *setting, const char *name)
{
	if (name != NULL && !f->config->own &&
	    f->config->delivery != DELIVERY_QUEUE)
		files_wrong(f,
		    "relay \"%s\": %s %s: what a caller sends at once cannot "
		    "have it; write delivery = queue",
		    relay->name, setting, name);
}

void
check_relay_files(struct files *f, const struct relay *relay)
{
	check_identity(f, relay);
	if (relay->password_file != NULL)
		check_password_file(
		    f, relay, "password-file", relay->password_file);
	if (relay->netrc_file != NULL)
		check_password_file(f, relay, "netrc-file", relay->netrc_file);
	check_credential(
	    f, relay, "password-credential", relay->password_credential);
	if (relay->proxy_password_file != NULL)
		check_password_file(f, relay, "proxy-password-file",
		    relay->proxy_password_file);
	check_program(f, relay, "password-command", relay->password_command);
	if (relay->oauth != NULL)
		check_oauth(f, relay);
	if (relay->tls_key_password_file != NULL)
		check_password_file(f, relay, "tls-key-password-file",
		    relay->tls_key_password_file);
	check_program(f, relay, "tls-key-password-command",
	    relay->tls_key_password_command);
	check_credential(f, relay, "tls-key-password-credential",
	    relay->tls_key_password_credential);
	check_key(f, relay);
	check_public_file(f, relay, "tls-ca-file", relay->tls_ca_file);
	check_public_file(f, relay, "tls-crl-file", relay->tls_crl_file);
}
