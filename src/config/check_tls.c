/* SPDX-License-Identifier: ISC */
/* The settings of a relay that say by what it is trusted. */
#include "config/check_tls.h"

#include "base/limits.h"
#include "config/mechanism.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#define PIN_START "sha256//"

/* Base64 of 32 octets, written in the one way in which it is compared: the last
 * letter before the "=" has four bits. */
static bool
is_pin(const char *value)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789+/";
	const char *code = value + sizeof PIN_START - 1;

	return strlen(value) == PIN_SIZE - 1 &&
	       strncmp(value, PIN_START, sizeof PIN_START - 1) == 0 &&
	       strspn(code, letters) == 43 && code[43] == '=' &&
	       (strchr(letters, code[42]) - letters) % 4 == 0;
}

/* Called for every element, as the list grows. */
int
check_pin(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned n = cfg_opt_size(opt);
	const char *value = cfg_opt_getnstr(opt, n - 1);

	if (n > PIN_COUNT_MAX)
		cfg_error(
		    cfg, "%s has more than %d keys", opt->name, PIN_COUNT_MAX);
	else if (value == NULL || !is_pin(value))
		cfg_error(cfg,
		    "%s has \"%s\"; write \"sha256//\" and 44 letters of "
		    "base64; openssl x509 -noout -pubkey -in FILE | openssl "
		    "pkey -pubin -outform der | openssl dgst -sha256 -binary | "
		    "base64",
		    opt->name, value ? value : "");
	else
		return 0;
	return -1;
}

/* A file, or what a token has. */
int
check_credential(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (strstr(value, "pin-value=") != NULL) {
		cfg_error(cfg,
		    "%s has a PIN in it; give it by tls-key-password-file",
		    opt->name);
		return -1;
	}
	if (value[0] == '/' || strncmp(value, "pkcs11:", 7) == 0)
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write a whole path, from \"/\", or "
	    "\"pkcs11:...\"",
	    opt->name, value);
	return -1;
}

/* Called for every element, as the list grows. */
int
check_auth(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	struct buf known;
	int found = mechanism_find(span_of(value != NULL ? value : ""));

	if (found >= 0 && (mechanism_built() & MECHANISM_BIT(found)) != 0)
		return 0;
	buf_init(&known, KIB);
	mechanism_list(mechanism_built(), "", ", ", &known);
	cfg_error(cfg, "%s has \"%s\"; it can have %s%s", opt->name,
	    value ? value : "", buf_text(&known),
	    found < 0 ? ""
	    : (MECHANISM_BIT(found) & MECHANISM_ALL_TOKEN) != 0
		? "; a token is for the section oauth"
		: "; SCRAM needs a build with libgsasl");
	buf_release(&known);
	return -1;
}

static const char *
check_client(cfg_t *relay, bool none)
{
	bool certificate = cfg_getstr(relay, "tls-certificate") != NULL;
	bool key = cfg_getstr(relay, "tls-key") != NULL;
	int secrets =
	    (cfg_getstr(relay, "tls-key-password-file") != NULL) +
	    (cfg_size(relay, "tls-key-password-command") > 0) +
	    (cfg_getstr(relay, "tls-key-password-credential") != NULL);

	if (certificate && none)
		return "tls-certificate without TLS; remove tls = none";
	if (!certificate && key)
		return "tls-key without tls-certificate; write both";
	if (!certificate && secrets > 0)
		return "the password of a key without a key; write "
		       "tls-certificate and tls-key";
	if (secrets > 1)
		return "more than one of tls-key-password-file, "
		       "tls-key-password-command and "
		       "tls-key-password-credential; keep one";
	return NULL;
}

/* Records are of names. */
static const char *
check_dane_hosts(cfg_t *relay)
{
	unsigned char address[16];

	for (unsigned i = 0; i < cfg_size(relay, "host"); i++) {
		const char *host = cfg_getnstr(relay, "host", i);

		if (host[0] == '/')
			return "a socket has no TLS; remove tls-dane";
		if (host[0] == '[' || inet_pton(AF_INET, host, address) == 1)
			return "tls-dane is by the records of a name; write "
			       "the name of the host instead of its address";
	}
	return NULL;
}

static const char *
check_dane_together(cfg_t *relay, bool none)
{
	if (strcmp(cfg_getstr(relay, "tls-dane"), "off") == 0)
		return NULL;
	if (none)
		return "tls-dane without TLS; remove tls = none";
	if (strcmp(cfg_getstr(relay, "tls-trust"), "pin") == 0)
		return "tls-trust = pin asks for nothing else; remove "
		       "tls-dane, or tls-trust";
	return check_dane_hosts(relay);
}

const char *
check_tls_together(cfg_t *relay)
{
	const char *tls = cfg_getstr(relay, "tls");
	bool none = tls != NULL && strcmp(tls, "none") == 0;
	bool pins = cfg_size(relay, "tls-pin") > 0;
	const char *why = check_client(relay, none);

	if (why == NULL)
		why = check_dane_together(relay, none);
	if (why != NULL)
		return why;
	if (none && pins)
		return "tls-pin without TLS; remove tls = none";
	if (strcmp(cfg_getstr(relay, "tls-trust"), "pin") != 0)
		return NULL;
	if (!pins)
		return "tls-trust = pin needs tls-pin = {\"sha256//...\"}";
	if (cfg_getstr(relay, "tls-ca-file") != NULL ||
	    cfg_getstr(relay, "tls-crl-file") != NULL)
		return "tls-trust = pin asks no authority; remove tls-ca-file "
		       "and tls-crl-file";
	return NULL;
}
