/* SPDX-License-Identifier: ISC */
/* What each setting may hold. */
#include "config/checks.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/check_names.h"
#include "config/check_oauth.h"
#include "config/check_queue.h"
#include "config/check_relay.h"
#include "config/check_session.h"
#include "config/check_tls.h"
#include "config/proxy.h"
#include "config/units.h"
#include "config/words.h"

#include <arpa/inet.h>

static int
check_word(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *const *words = words_of(opt->name);
	const char *value = cfg_opt_getstr(opt);

	if (value != NULL && words_value(opt->name, value) >= 0)
		return 0;
	cfg_error(cfg, "%s is \"%s\"; it can be %s%s%s or %s", opt->name,
	    value ? value : "", words[0], words[2] ? ", " : "",
	    words[2] ? words[1] : "", words[2] ? words[2] : words[1]);
	return -1;
}

static int
check_source(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, value, address) == 1 ||
	    inet_pton(AF_INET6, value, address) == 1)
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write an address of this host such as "
	    "\"192.0.2.1\" or \"2001:db8::1\"",
	    opt->name, value);
	return -1;
}

/* It may hold a password, so it is not shown. */
static int
check_proxy(cfg_t *cfg, cfg_opt_t *opt)
{
	if (proxy_is_valid(cfg_opt_getstr(opt)))
		return 0;
	cfg_error(cfg,
	    "%s is not such as \"socks5h://localhost:1080\" or "
	    "\"http://proxy.example.org:3128\"",
	    opt->name);
	return -1;
}

static int
check_port(cfg_t *cfg, cfg_opt_t *opt)
{
	long port = cfg_opt_getnint(opt, 0);

	if (port >= 1 && port <= UINT16_MAX)
		return 0;
	cfg_error(cfg, "port is %ld; it can be 1 to 65535", port);
	return -1;
}

static int
check_size(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);
	int64_t octets;

	if (units_size(value, &octets) && octets > 0 &&
	    octets <= ENTRY_SIZE_MAX)
		return 0;
	cfg_error(cfg, "%s is \"%s\"; write a size such as \"50M\", 4G at most",
	    opt->name, value);
	return -1;
}

static int
check_duration(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);
	int64_t ms;

	if (units_duration(value, &ms) && ms > 0)
		return 0;
	cfg_error(cfg, "%s is \"%s\"; write a time such as \"30s\" or \"5m\"",
	    opt->name, value);
	return -1;
}

static int
check_filled(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (value != NULL && value[0] != '\0')
		return 0;
	cfg_error(cfg, "%s is empty", opt->name);
	return -1;
}

static int
check_absolute(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (value[0] == '/')
		return 0;
	cfg_error(cfg, "%s is \"%s\"; write a whole path, from \"/\"",
	    opt->name, value);
	return -1;
}

/* Or "" for none. */
static int
check_aliases(cfg_t *cfg, cfg_opt_t *opt)
{
	return cfg_opt_getstr(opt)[0] == '\0' ? 0 : check_absolute(cfg, opt);
}

static int
check_command(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getnstr(opt, 0);

	if (value != NULL && value[0] != '\0')
		return 0;
	cfg_error(cfg, "%s is empty; write {\"pass\", \"show\", \"smtp\"}",
	    opt->name);
	return -1;
}

static int
check_credential_name(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (text_is_plain_name(value))
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write the name of a credential such as "
	    "\"smtp-password\"",
	    opt->name, value);
	return -1;
}

static const struct {
	const char *name;
	cfg_validate_callback_t check;
} checks[] = {
    {"hostname", check_name},
    {"domain", check_name},
    {"aliases", check_aliases},
    {"max-size", check_size},
    {"delivery", check_word},
    {"foreground-timeout", check_duration},
    {"received", check_word},
    {"extract-addresses", check_word},
    {"log", check_word},
    {"queue|path", check_absolute},
    {"queue", check_queue},
    {"queue|retry", check_retry},
    {"queue|lifetime", check_lifetime},
    {"queue|warn-after", check_warn_after},
    {"relay", check_relay},
    {"relay|host", check_host},
    {"relay|srv", check_name},
    {"relay|protocol", check_word},
    {"relay|port", check_port},
    {"relay|address-family", check_word},
    {"relay|source-address", check_source},
    {"relay|proxy", check_proxy},
    {"relay|proxy-user", check_filled},
    {"relay|proxy-password-file", check_absolute},
    {"relay|tls", check_word},
    {"relay|tls-ca-file", check_absolute},
    {"relay|tls-crl-file", check_absolute},
    {"relay|tls-minimum", check_word},
    {"relay|tls-pin", check_pin},
    {"relay|tls-trust", check_word},
    {"relay|tls-dane", check_word},
    {"relay|tls-certificate", check_credential},
    {"relay|tls-key", check_credential},
    {"relay|tls-key-password-file", check_absolute},
    {"relay|tls-key-password-command", check_command},
    {"relay|tls-key-password-credential", check_credential_name},
    {"relay|password-file", check_absolute},
    {"relay|password-command", check_command},
    {"relay|password-credential", check_credential_name},
    {"relay|netrc-file", check_absolute},
    {"relay|oauth", check_oauth},
    {"relay|oauth|provider", check_provider},
    {"relay|oauth|grant", check_word},
    {"relay|oauth|tenant", check_tenant},
    {"relay|oauth|client-id", check_filled},
    {"relay|oauth|client-secret-file", check_absolute},
    {"relay|oauth|scope", check_filled},
    {"relay|oauth|login", check_filled},
    {"relay|oauth|token-endpoint", check_endpoint},
    {"relay|oauth|authorization-endpoint", check_endpoint},
    {"relay|oauth|device-endpoint", check_endpoint},
    {"relay|oauth|redirect", check_redirect},
    {"relay|oauth|ca-file", check_absolute},
    {"relay|oauth|token-command", check_command},
    {"relay|user", check_filled},
    {"relay|auth", check_auth},
    {"relay|password", check_filled},
    {"relay|senders", check_senders},
    {"relay|from", check_address},
    {"relay|identity", check_word},
    {"relay|masquerade", check_masquerade},
    {"relay|timeout", check_duration},
    {"relay|connect-timeout", check_duration},
    {"relay|connections", check_connections},
    {"relay|messages-per-connection", check_per_connection},
    {"relay|window", check_window},
    {"relay|window-size", check_size},
    {"relay|linger", check_linger},
    {"relay|rate", check_rate},
};

void
checks_register(cfg_t *root)
{
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		cfg_set_validate_func(root, checks[i].name, checks[i].check);
}
