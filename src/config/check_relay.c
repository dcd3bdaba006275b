/* SPDX-License-Identifier: ISC */
/* What the section of a relay may hold, as a whole. */
#include "config/check_relay.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/check_tls.h"
#include "config/fill_relay.h"
#include "config/mechanism.h"
#include "config/proxy.h"
#include "message/address.h"

#include <stdbool.h>
#include <string.h>

/* Is the address to send from of another kind than those to send to? */
static bool
is_astray(cfg_t *relay)
{
	const char *source = cfg_getstr(relay, "source-address");
	const char *family = cfg_getstr(relay, "address-family");

	if (source == NULL || strcmp(family, "any") == 0)
		return false;
	return (strchr(source, ':') != NULL) != (strcmp(family, "ipv6") == 0);
}

/* What is wrong with the login at the proxy; NULL: nothing. */
static const char *
check_proxy(cfg_t *relay)
{
	const char *proxy = cfg_getstr(relay, "proxy");
	bool user = cfg_getstr(relay, "proxy-user") != NULL;
	bool secret = cfg_getstr(relay, "proxy-password-file") != NULL;

	if (proxy == NULL && (user || secret))
		return "a login at a proxy without a proxy; write proxy = "
		       "\"socks5h://...\"";
	if (user != secret)
		return "proxy-user and proxy-password-file go together; write "
		       "both";
	if (user && proxy_has_user(proxy))
		return "the proxy has a login in it and a proxy-user besides; "
		       "keep one";
	return NULL;
}

static unsigned
count_sockets(cfg_t *relay)
{
	unsigned count = 0;

	for (unsigned i = 0; i < cfg_size(relay, "host"); i++)
		count += cfg_getnstr(relay, "host", i)[0] == '/';
	return count;
}

/* The same of a relay of this host. */
static const char *
check_sockets(cfg_t *relay, unsigned sockets)
{
	const char *tls = cfg_getstr(relay, "tls");

	if (sockets < cfg_size(relay, "host"))
		return "hosts and sockets do not mix; write two relays";
	if (tls != NULL && strcmp(tls, "none") != 0)
		return "a socket has no TLS; remove tls";
	if (cfg_size(relay, "tls-pin") > 0 ||
	    cfg_getstr(relay, "tls-certificate") != NULL)
		return "a socket has no TLS; remove tls-pin and "
		       "tls-certificate";
	if (cfg_getint(relay, "port") != 0 ||
	    cfg_getstr(relay, "proxy") != NULL ||
	    cfg_getstr(relay, "source-address") != NULL)
		return "a socket has no port, proxy or source-address";
	return NULL;
}

/* What is wrong with the way to it. */
static const char *
check_way(cfg_t *relay)
{
	unsigned sockets = count_sockets(relay);

	if (cfg_getstr(relay, "srv") != NULL) {
		if (cfg_size(relay, "host") > 0)
			return "host and srv; keep one";
		if (cfg_getint(relay, "port") != 0 ||
		    cfg_getstr(relay, "tls") != NULL)
			return "srv says port and TLS; remove port and tls";
		if (cfg_getstr(relay, "proxy") != NULL)
			return "srv is not asked for by a proxy; write host = "
			       "\"smtp.example.org\" instead";
	} else if (cfg_size(relay, "host") == 0) {
		return "no host; write host = \"smtp.example.org\"";
	}
	if (is_astray(relay))
		return "source-address is not of this address-family; remove "
		       "address-family";
	return sockets > 0 ? check_sockets(relay, sockets) : check_proxy(relay);
}

/* What LMTP has not: libcurl, which does both, does not speak it. */
static const char *
check_lmtp(cfg_t *relay)
{
	const char *tls = cfg_getstr(relay, "tls");

	if (strcmp(cfg_getstr(relay, "protocol"), "lmtp") != 0)
		return NULL;
	if (cfg_getstr(relay, "srv") != NULL)
		return "srv names servers for submission; write host = "
		       "\"lmtp.example.org\" for protocol = lmtp";
	if (tls != NULL && strcmp(tls, "starttls") == 0)
		return "protocol = lmtp goes without STARTTLS; write tls = "
		       "implicit or tls = none";
	if (cfg_getstr(relay, "user") != NULL || cfg_size(relay, "auth") > 0)
		return "protocol = lmtp goes without a login; remove user and "
		       "auth";
	return NULL;
}

/* What is wrong with the mechanisms of the login. */
static const char *
check_mechanisms(cfg_t *relay, bool user, bool secret)
{
	unsigned set = fill_auth(relay);
	bool external = (set & MECHANISM_BIT(MECHANISM_EXTERNAL)) != 0;

	if (external && cfg_getstr(relay, "tls-certificate") == NULL)
		return "auth = {\"EXTERNAL\"} needs tls-certificate";
	if (cfg_size(relay, "auth") > 0 && !user && !external)
		return "auth without a user; write user = \"...\"";
	if (user && !secret && mechanism_needs_password(set))
		return "a user without a password; write password-file = "
		       "\"...\" or password-command = {...}";
	if (secret && !mechanism_needs_password(set))
		return "EXTERNAL needs no password; remove it, or name PLAIN "
		       "besides";
	return NULL;
}

/* What is wrong with the login. */
static const char *
check_login(cfg_t *relay)
{
	const char *tls = cfg_getstr(relay, "tls");
	bool user = cfg_getstr(relay, "user") != NULL;
	int secrets = (cfg_getstr(relay, "password") != NULL) +
		      (cfg_getstr(relay, "password-file") != NULL) +
		      (cfg_size(relay, "password-command") > 0) +
		      (cfg_getstr(relay, "password-credential") != NULL) +
		      (cfg_getstr(relay, "netrc-file") != NULL) +
		      (cfg_size(relay, "oauth") > 0);

	if (secrets > 1)
		return "more than one of password, password-file, "
		       "password-command, password-credential, netrc-file and "
		       "oauth; keep one";
	if (cfg_size(relay, "oauth") > 0 && cfg_size(relay, "auth") > 0)
		return "auth and oauth; the login is by the token, remove auth";
	if (secrets > 0 && !user)
		return "a password without a user; write user = \"...\"";
	if (user && tls != NULL && strcmp(tls, "none") == 0 &&
	    count_sockets(relay) == 0)
		return "a login without TLS would show the password to "
		       "everyone; remove tls = none";
	return check_mechanisms(relay, user, secrets > 0);
}

/* What senders would become. */
static const char *
check_from(cfg_t *relay)
{
	const char *user = cfg_getstr(relay, "user");
	struct error ignored;

	if (strcmp(cfg_getstr(relay, "identity"), "keep") == 0 ||
	    cfg_getstr(relay, "from") != NULL)
		return NULL;
	if (user != NULL && strchr(user, '@') != NULL &&
	    address_check(span_of(user), &ignored) == 0)
		return NULL;
	return "identity needs an address for senders; write from = "
	       "\"alerts@example.org\"";
}

int
check_relay(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *relay = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *name = cfg_title(relay);
	const char *why = check_way(relay);

	if (why == NULL)
		why = check_tls_together(relay);
	if (why == NULL)
		why = check_login(relay);
	if (why == NULL)
		why = check_lmtp(relay);
	if (why == NULL)
		why = check_from(relay);
	if (strlen(name) >= RELAY_NAME_SIZE || !text_is_plain_name(name))
		why =
		    "the name must be one word of at most 63 letters, digits, "
		    "\".\", \"_\" and \"-\", with no \".\" first";
	if (why == NULL)
		return 0;
	cfg_error(cfg, "relay \"%s\": %s", name, why);
	return -1;
}
