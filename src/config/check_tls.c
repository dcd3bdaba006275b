/* SPDX-License-Identifier: ISC */
/* The settings of a relay that say by what it is trusted. */
#include "config/check_tls.h"

#include "base/limits.h"

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

const char *
check_tls_together(cfg_t *relay)
{
	const char *tls = cfg_getstr(relay, "tls");
	bool pins = cfg_size(relay, "tls-pin") > 0;

	if (tls != NULL && strcmp(tls, "none") == 0)
		return pins ? "tls-pin without TLS; remove tls = none" : NULL;
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
