/* SPDX-License-Identifier: ISC */
/* From the section of a relay to struct relay: a table, and what follows from
 * more than one setting. */
#include "config/fill_relay.h"

#include "base/text.h"
#include "config/fill_oauth.h"
#include "config/mechanism.h"
#include "config/units.h"
#include "config/values.h"

#include <stdlib.h>
#include <string.h>

/* A host that is there answers within this time. */
#define CONNECT_MS 30000

#define PORT_SUBMISSION 587  /* RFC 6409 */
#define PORT_SUBMISSIONS 465 /* RFC 8314 */
#define PORT_SMTP 25
#define PORT_LMTP 24 /* for private mail systems: what LMTP servers took */

static void
wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
}

/* NULL where nothing is said. */
static void
fill_text(void *to, cfg_t *section, const char *name)
{
	*(char **)to = text_of(section, name);
}

static void
free_text(void *at)
{
	free(*(char **)at);
}

static void
fill_secret(void *to, cfg_t *section, const char *name)
{
	fill_text(to, section, name);
	wipe(cfg_getstr(section, name));
}

static void
free_secret(void *at)
{
	wipe(*(char **)at);
	free_text(at);
}

static void
fill_list(void *to, cfg_t *section, const char *name)
{
	*(char ***)to = list_of(section, name);
}

static void
free_strings(void *at)
{
	free_list(*(char ***)at);
}

/* NULL where nothing is said: an argv is never empty. */
static void
fill_argv(void *to, cfg_t *section, const char *name)
{
	if (cfg_size(section, name) > 0)
		fill_list(to, section, name);
}

/* In milliseconds; as it was where nothing is said. */
static void
fill_duration(void *to, cfg_t *section, const char *name)
{
	if (cfg_getstr(section, name) != NULL)
		units_duration(cfg_getstr(section, name), to);
}

static void
fill_size(void *to, cfg_t *section, const char *name)
{
	units_size(cfg_getstr(section, name), to);
}

static void
fill_count(void *to, cfg_t *section, const char *name)
{
	*(size_t *)to = (size_t)cfg_getint(section, name);
}

static const struct kind {
	void (*fill)(void *to, cfg_t *section, const char *name);
	void (*release)(void *at); /* NULL: there is nothing to free */
} text = {fill_text, free_text}, secret = {fill_secret, free_secret},
  list = {fill_list, free_strings}, argv = {fill_argv, free_strings},
  duration = {fill_duration, NULL}, size = {fill_size, NULL},
  count = {fill_count, NULL};

#define TO(member) offsetof(struct relay, member)

static const struct {
	const char *name;
	const struct kind *kind;
	size_t member;
} settings[] = {
    {"srv", &text, TO(srv)},
    {"host", &list, TO(hosts)},
    {"source-address", &text, TO(source_address)},
    {"proxy", &secret, TO(proxy)},
    {"proxy-user", &text, TO(proxy_user)},
    {"proxy-password-file", &text, TO(proxy_password_file)},
    {"tls-ca-file", &text, TO(tls_ca_file)},
    {"tls-crl-file", &text, TO(tls_crl_file)},
    {"tls-pin", &list, TO(tls_pins)},
    {"tls-certificate", &text, TO(tls_certificate)},
    {"tls-key", &text, TO(tls_key)},
    {"tls-key-password-file", &text, TO(tls_key_password_file)},
    {"tls-key-password-command", &argv, TO(tls_key_password_command)},
    {"tls-key-password-credential", &text, TO(tls_key_password_credential)},
    {"user", &text, TO(user)},
    {"password", &secret, TO(password)},
    {"password-file", &text, TO(password_file)},
    {"password-command", &argv, TO(password_command)},
    {"password-credential", &text, TO(password_credential)},
    {"netrc-file", &text, TO(netrc_file)},
    {"senders", &list, TO(senders)},
    {"from", &text, TO(from)},
    {"masquerade", &list, TO(masquerade)},
    {"timeout", &duration, TO(timeout_ms)},
    {"connect-timeout", &duration, TO(connect_timeout_ms)},
    {"connections", &count, TO(connections)},
    {"messages-per-connection", &count, TO(per_connection)},
    {"window", &count, TO(window)},
    {"window-size", &size, TO(window_size)},
    {"linger", &duration, TO(linger_ms)},
};

#define SETTING_COUNT (sizeof settings / sizeof settings[0])

static uint16_t
usual_port(enum protocol protocol, enum tls_mode tls)
{
	static const uint16_t ports[] = {
	    [TLS_IMPLICIT] = PORT_SUBMISSIONS,
	    [TLS_STARTTLS] = PORT_SUBMISSION,
	    [TLS_NONE] = PORT_SMTP,
	};

	return protocol == PROTOCOL_LMTP ? PORT_LMTP : ports[tls];
}

static enum tls_mode
tls_of(const struct relay *r, cfg_t *section)
{
	if (r->hosts[0] != NULL && r->hosts[0][0] == '/')
		return TLS_NONE;
	if (cfg_getstr(section, "tls") != NULL)
		return (enum tls_mode)word_of(section, "tls");
	return r->protocol == PROTOCOL_LMTP || r->port == PORT_SUBMISSIONS
		   ? TLS_IMPLICIT
		   : TLS_STARTTLS;
}

/* What is spoken where, and by what it is trusted. */
static void
fill_way(struct relay *r, cfg_t *section)
{
	r->protocol = (enum protocol)word_of(section, "protocol");
	r->port = (uint16_t)cfg_getint(section, "port");
	r->tls = tls_of(r, section);
	if (r->port == 0)
		r->port = usual_port(r->protocol, r->tls);
	r->tls_1_3 = word_of(section, "tls-minimum") == 1;
	r->tls_pin_only = word_of(section, "tls-trust") == 1;
	r->dane = (enum dane_mode)word_of(section, "tls-dane");
	r->family = (enum family)word_of(section, "address-family");
	/* From an address of the one kind there is no way to the other. */
	if (r->source_address != NULL)
		r->family = strchr(r->source_address, ':') != NULL
				? FAMILY_IPV6
				: FAMILY_IPV4;
}

unsigned
fill_auth(cfg_t *section)
{
	unsigned set = 0;

	for (unsigned i = 0; i < cfg_size(section, "auth"); i++)
		set |= MECHANISM_BIT(
		    mechanism_find(span_of(cfg_getnstr(section, "auth", i))));
	return set != 0 ? set : mechanism_usual();
}

static void
fill_login(struct relay *r, cfg_t *section)
{
	r->auth = fill_auth(section);
	if (cfg_size(section, "oauth") == 0)
		return;
	r->oauth = fill_oauth(cfg_getsec(section, "oauth"));
	r->auth = r->oauth->xoauth2 ? MECHANISM_BIT(MECHANISM_XOAUTH2)
				    : MECHANISM_ALL_TOKEN;
}

void
fill_relay(struct relay *r, cfg_t *section)
{
	text_copy(r->name, sizeof r->name, span_of(cfg_title(section)));
	for (size_t i = 0; i < SETTING_COUNT; i++)
		settings[i].kind->fill(
		    (char *)r + settings[i].member, section, settings[i].name);
	fill_way(r, section);
	fill_login(r, section);
	r->identity = (enum identity_mode)word_of(section, "identity");
	if (r->from == NULL && r->identity != IDENTITY_KEEP)
		r->from = text_of(section, "user");
	if (r->connect_timeout_ms == 0)
		r->connect_timeout_ms =
		    r->timeout_ms < CONNECT_MS ? r->timeout_ms : CONNECT_MS;
	r->rate_count = cfg_size(section, "rate");
	for (unsigned i = 0; i < r->rate_count; i++)
		units_quota(cfg_getnstr(section, "rate", i), &r->rate[i]);
}

void
release_relay(struct relay *r)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (settings[i].kind->release != NULL)
			settings[i].kind->release(
			    (char *)r + settings[i].member);
	free_oauth(r->oauth);
	*r = (struct relay){0};
}
