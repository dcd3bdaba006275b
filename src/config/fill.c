/* SPDX-License-Identifier: ISC */
/* What was read, setting by setting; and its release. */
#include "config/fill.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/fill_oauth.h"
#include "config/mechanism.h"
#include "config/own_names.h"
#include "config/paths.h"
#include "config/settings.h"
#include "config/units.h"
#include "config/words.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A host that is there answers within this time. */
#define CONNECT_MS 30000

/* Where every sendmail has them. */
#define SYSTEM_ALIASES "/etc/aliases"

static char *
string_of(cfg_t *section, const char *name)
{
	const char *value = cfg_getstr(section, name);

	return value != NULL && value[0] != '\0' ? must_strdup(value) : NULL;
}

char **
list_of(cfg_t *section, const char *name)
{
	unsigned n = cfg_size(section, name);
	char **list = must_calloc(n + 1, sizeof list[0]);

	for (unsigned i = 0; i < n; i++)
		list[i] = must_strdup(cfg_getnstr(section, name, i));
	return list;
}

void
free_list(char **list)
{
	for (char **at = list; at != NULL && *at != NULL; at++)
		free(*at);
	free(list);
}

static void
wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
}

static bool
is_socket(const char *host)
{
	return host != NULL && host[0] == '/';
}

unsigned
fill_auth(cfg_t *relay)
{
	unsigned set = 0;

	for (unsigned i = 0; i < cfg_size(relay, "auth"); i++)
		set |= MECHANISM_BIT(
		    mechanism_find(span_of(cfg_getnstr(relay, "auth", i))));
	return set != 0 ? set : mechanism_usual();
}

/* By what it is trusted, and trusts us. */
static void
fill_trust(struct relay *r, cfg_t *section)
{
	r->tls_ca_file = string_of(section, "tls-ca-file");
	r->tls_crl_file = string_of(section, "tls-crl-file");
	r->tls_1_3 =
	    words_index(words_minimum, cfg_getstr(section, "tls-minimum")) == 1;
	r->tls_pins = list_of(section, "tls-pin");
	r->tls_certificate = string_of(section, "tls-certificate");
	r->tls_key = string_of(section, "tls-key");
	r->tls_key_password_file = string_of(section, "tls-key-password-file");
	r->tls_key_password_credential =
	    string_of(section, "tls-key-password-credential");
	if (cfg_size(section, "tls-key-password-command") > 0)
		r->tls_key_password_command =
		    list_of(section, "tls-key-password-command");
	r->dane = (enum dane_mode)words_index(
	    words_dane, cfg_getstr(section, "tls-dane"));
	r->tls_pin_only =
	    words_index(words_trust, cfg_getstr(section, "tls-trust")) == 1;
}

static void
fill_token(struct relay *r, cfg_t *section)
{
	r->oauth = fill_oauth(section);
	r->auth = MECHANISM_ALL_TOKEN;
	/* RFC 7628 3.1 escapes these two in a name; libcurl does not. */
	if (r->oauth->xoauth2 || strpbrk(r->user, ",=") != NULL)
		r->auth = MECHANISM_BIT(MECHANISM_XOAUTH2);
}

static void
fill_relay(struct relay *r, cfg_t *section)
{
	text_copy(r->name, sizeof r->name, span_of(cfg_title(section)));
	r->srv = string_of(section, "srv");
	r->hosts = list_of(section, "host");
	r->protocol = settings_protocol(cfg_getstr(section, "protocol"));
	r->port = (uint16_t)cfg_getint(section, "port");
	r->tls = is_socket(r->hosts[0])
		     ? TLS_NONE
		     : settings_tls(
			   cfg_getstr(section, "tls"), r->protocol, r->port);
	if (r->port == 0)
		r->port = settings_port(r->protocol, r->tls);
	r->family = settings_family(cfg_getstr(section, "address-family"));
	r->source_address = string_of(section, "source-address");
	/* From an address of the one kind there is no way to the other. */
	if (r->source_address != NULL)
		r->family = strchr(r->source_address, ':') != NULL
				? FAMILY_IPV6
				: FAMILY_IPV4;
	r->proxy = string_of(section, "proxy");
	wipe(cfg_getstr(section, "proxy"));
	r->proxy_user = string_of(section, "proxy-user");
	r->proxy_password_file = string_of(section, "proxy-password-file");
	fill_trust(r, section);
	r->auth = fill_auth(section);
	r->user = string_of(section, "user");
	r->password = string_of(section, "password");
	wipe(cfg_getstr(section, "password"));
	r->password_file = string_of(section, "password-file");
	r->password_credential = string_of(section, "password-credential");
	r->netrc_file = string_of(section, "netrc-file");
	if (cfg_size(section, "password-command") > 0)
		r->password_command = list_of(section, "password-command");
	if (cfg_size(section, "oauth") > 0)
		fill_token(r, cfg_getsec(section, "oauth"));
	r->senders = list_of(section, "senders");
	r->from = string_of(section, "from");
	r->identity = settings_identity(cfg_getstr(section, "identity"));
	if (r->from == NULL && r->identity != IDENTITY_KEEP)
		r->from = string_of(section, "user");
	r->masquerade = list_of(section, "masquerade");
	units_duration(cfg_getstr(section, "timeout"), &r->timeout_ms);
	r->connect_timeout_ms =
	    r->timeout_ms < CONNECT_MS ? r->timeout_ms : CONNECT_MS;
	if (cfg_getstr(section, "connect-timeout") != NULL)
		units_duration(cfg_getstr(section, "connect-timeout"),
		    &r->connect_timeout_ms);
	r->connections = (size_t)cfg_getint(section, "connections");
	r->per_connection =
	    (size_t)cfg_getint(section, "messages-per-connection");
	r->window = (size_t)cfg_getint(section, "window");
	units_size(cfg_getstr(section, "window-size"), &r->window_size);
	units_duration(cfg_getstr(section, "linger"), &r->linger_ms);
	r->rate_count = cfg_size(section, "rate");
	for (unsigned i = 0; i < r->rate_count; i++)
		units_quota(cfg_getnstr(section, "rate", i), &r->rate[i]);
}

static int64_t
seconds_of(const char *value)
{
	int64_t ms = 0;

	units_duration(value, &ms);
	return ms / 1000;
}

static void
fill_queue(struct config *c, cfg_t *queue)
{
	c->queue_enabled = cfg_getbool(queue, "enabled");
	c->queue_path = string_of(queue, "path");
	c->retry_count = cfg_size(queue, "retry");
	for (size_t i = 0; i < c->retry_count; i++)
		c->retry[i] =
		    seconds_of(cfg_getnstr(queue, "retry", (unsigned)i));
	c->lifetime = seconds_of(cfg_getstr(queue, "lifetime"));
	c->warn_after = seconds_of(cfg_getstr(queue, "warn-after"));
}

/* A user's own mail is not the system's affair, unless the user says so. */
static void
fill_aliases(struct config *c, const char *path)
{
	if (path == NULL && !c->own) {
		c->aliases = must_strdup(SYSTEM_ALIASES);
		c->aliases_may_miss = true;
	} else if (path != NULL && path[0] != '\0') {
		c->aliases = must_strdup(path);
	}
}

void
fill(struct config *c, cfg_t *root)
{
	const char *host_name = cfg_getstr(root, "hostname");

	if (host_name != NULL && host_name[0] != '\0')
		text_copy(
		    c->host_name, sizeof c->host_name, span_of(host_name));
	else
		paths_host_name(c->host_name, sizeof c->host_name);
	c->own_names = own_names(c->host_name);
	c->domain = string_of(root, "domain");
	fill_aliases(c, cfg_getstr(root, "aliases"));
	c->max_size = MESSAGE_SIZE_DEFAULT;
	if (cfg_getstr(root, "max-size") != NULL)
		units_size(cfg_getstr(root, "max-size"), &c->max_size);
	c->delivery = settings_delivery(cfg_getstr(root, "delivery"));
	units_duration(
	    cfg_getstr(root, "foreground-timeout"), &c->foreground_timeout_ms);
	c->received = settings_received(cfg_getstr(root, "received"));
	c->extract_remove =
	    settings_extract_remove(cfg_getstr(root, "extract-addresses"));
	c->log = settings_log(cfg_getstr(root, "log"));
	c->log_json = cfg_getbool(root, "log-json");
	c->default_relay = string_of(root, "default-relay");
	fill_queue(c, cfg_getsec(root, "queue"));
	c->relay_count = cfg_size(root, "relay");
	c->relays = must_calloc(c->relay_count, sizeof c->relays[0]);
	for (size_t i = 0; i < c->relay_count; i++)
		fill_relay(
		    &c->relays[i], cfg_getnsec(root, "relay", (unsigned)i));
}

void
config_release(struct config *c)
{
	for (size_t i = 0; i < c->relay_count; i++) {
		struct relay *r = &c->relays[i];

		wipe(r->password);
		wipe(r->proxy);
		free(r->proxy);
		free(r->proxy_user);
		free(r->proxy_password_file);
		free(r->password);
		free(r->srv);
		free_list(r->hosts);
		free(r->source_address);
		free(r->tls_ca_file);
		free(r->tls_crl_file);
		free(r->tls_certificate);
		free(r->tls_key);
		free(r->tls_key_password_file);
		free_list(r->tls_key_password_command);
		free(r->tls_key_password_credential);
		free_list(r->tls_pins);
		free(r->user);
		free(r->password_file);
		free(r->password_credential);
		free(r->netrc_file);
		free_list(r->password_command);
		free_oauth(r->oauth);
		free_list(r->senders);
		free(r->from);
		free_list(r->masquerade);
	}
	free(c->relays);
	free(c->path);
	free_list(c->own_names);
	free(c->domain);
	free(c->aliases);
	free(c->queue_path);
	free(c->default_relay);
	*c = (struct config){0};
}
