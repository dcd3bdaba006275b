/* SPDX-License-Identifier: ISC */
/* Can each password, or what a token is asked for with, be had, and can TLSA
 * records count? Asked by --check, with the rights of delivery. */
#include "secrets.h"

#include "base/process.h"
#include "cli/exitcode.h"
#include "config/secret.h"
#include "delivery/dns.h"
#include "delivery/trust_files.h"
#include "oauth/look.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* One without "/" is looked for by who asks, in PATH. */
static int
check_command(const char *setting, const char *program, struct error *err)
{
	if (strchr(program, '/') == NULL || eaccess(program, X_OK) == 0)
		return 0;
	return error_errno(err, ERR_CONFIG, "%s %s", setting, program);
}

/* Also the token that a person has authorized. */
static int
check_token(const struct config *c, const struct relay *r, struct buf *secret,
    struct error *err)
{
	const struct oauth *o = r->oauth;

	if (o->grant == GRANT_COMMAND)
		return check_command("token-command", o->token_command[0], err);
	if (o->client_secret_file != NULL &&
	    secret_read_file(
		"client-secret-file", o->client_secret_file, secret, err) != 0)
		return -1;
	return o->grant == GRANT_CLIENT ? 0 : oauth_look(c, r, err);
}

static int
check_password(const struct config *c, const struct relay *r,
    struct buf *secret, struct error *err)
{
	if (r->oauth != NULL)
		return check_token(c, r, secret, err);
	if (!secret_is_there(r) ||
	    (r->password_credential != NULL && process_credentials() == NULL))
		return 0;
	if (r->password_command != NULL)
		return check_command(
		    "password-command", r->password_command[0], err);
	return secret_read(r, secret, err);
}

static int
check_key_password(const struct relay *r, struct buf *secret, struct error *err)
{
	if (r->tls_key_password_credential != NULL &&
	    process_credentials() == NULL)
		return 0;
	if (r->tls_key_password_command != NULL)
		return check_command("tls-key-password-command",
		    r->tls_key_password_command[0], err);
	return secret_read_key(r, secret, err);
}

/* With the key's password, if it was to be had. */
static int
check_certificates(
    const struct relay *r, struct buf *password, struct error *err)
{
	bool later = password->len == 0 && secret_key_is_there(r);

	return trust_check_files(r, later ? NULL : buf_text(password), err);
}

static int
check_resolver(const struct relay *r, struct error *err)
{
	if (r->dane == DANE_OFF || dns_is_trusted())
		return 0;
	return error_set(err, ERR_CONFIG,
	    "tls-dane: no TLSA record counts, since /etc/resolv.conf says no "
	    "\"options trust-ad\"; write it where its name servers check "
	    "DNSSEC and nobody stands between");
}

static size_t
say(const struct relay *r, int rc, struct error *err)
{
	if (rc == 0)
		return 0;
	error_prefix(err, "relay \"%s\"", r->name);
	exitcode_report(err);
	return 1;
}

int
secrets(const struct config *c, struct error *err)
{
	struct buf secret;
	size_t wrong = 0;

	if (!process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--secrets is for root, or the owner of the queue");
	buf_init(&secret, SECRET_MAX);
	for (size_t i = 0; i < c->relay_count; i++) {
		const struct relay *r = &c->relays[i];

		wrong += say(r, check_password(c, r, &secret, err), err);
		buf_wipe(&secret);
		wrong += say(r, secret_read_proxy(r, &secret, err), err);
		buf_wipe(&secret);
		wrong += say(r, check_key_password(r, &secret, err), err);
		wrong += say(r, check_certificates(r, &secret, err), err);
		buf_wipe(&secret);
		wrong += say(r, check_resolver(r, err), err);
	}
	buf_release(&secret);
	return wrong > 0 ? EX_CONFIG : EX_OK;
}
