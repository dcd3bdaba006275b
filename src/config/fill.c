/* SPDX-License-Identifier: ISC */
/* What was read, setting by setting; and its release. */
#include "config/fill.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/fill_oauth.h"
#include "config/paths.h"
#include "config/settings.h"
#include "config/units.h"

#include <stdlib.h>
#include <string.h>

/* A host that is there answers within this time. */
#define CONNECT_MS 30000

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
	r->tls_ca_file = string_of(section, "tls-ca-file");
	r->user = string_of(section, "user");
	r->password = string_of(section, "password");
	wipe(cfg_getstr(section, "password"));
	r->password_file = string_of(section, "password-file");
	if (cfg_size(section, "password-command") > 0)
		r->password_command = list_of(section, "password-command");
	if (cfg_size(section, "oauth") > 0)
		r->oauth = fill_oauth(cfg_getsec(section, "oauth"));
	r->senders = list_of(section, "senders");
	r->from = string_of(section, "from");
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

void
fill(struct config *c, cfg_t *root)
{
	const char *host_name = cfg_getstr(root, "hostname");

	if (host_name != NULL && host_name[0] != '\0')
		text_copy(
		    c->host_name, sizeof c->host_name, span_of(host_name));
	else
		paths_host_name(c->host_name, sizeof c->host_name);
	c->domain = string_of(root, "domain");
	c->max_size = MESSAGE_SIZE_DEFAULT;
	if (cfg_getstr(root, "max-size") != NULL)
		units_size(cfg_getstr(root, "max-size"), &c->max_size);
	c->delivery = settings_delivery(cfg_getstr(root, "delivery"));
	units_duration(
	    cfg_getstr(root, "foreground-timeout"), &c->foreground_timeout_ms);
	c->received = settings_received(cfg_getstr(root, "received"));
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
		free(r->user);
		free(r->password_file);
		free_list(r->password_command);
		free_oauth(r->oauth);
		free_list(r->senders);
		free(r->from);
	}
	free(c->relays);
	free(c->path);
	free(c->domain);
	free(c->queue_path);
	free(c->default_relay);
	*c = (struct config){0};
}
