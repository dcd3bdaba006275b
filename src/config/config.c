/* SPDX-License-Identifier: ISC */
/* From libconfuse's tree to struct config. */
#include "config/config.h"

#include "base/buf.h"
#include "base/io.h"
#include "base/text.h"
#include "config/paths.h"
#include "config/proxy.h"
#include "config/remarks.h"
#include "config/settings.h"
#include "config/units.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A host that is there answers within this time. */
#define CONNECT_MS 30000

static char *
string_of(cfg_t *section, const char *name)
{
	const char *value = cfg_getstr(section, name);

	return value != NULL && value[0] != '\0' ? must_strdup(value) : NULL;
}

/* A list as an array that ends in NULL; never NULL itself. */
static char **
list_of(cfg_t *section, const char *name)
{
	unsigned n = cfg_size(section, name);
	char **list = must_calloc(n + 1, sizeof list[0]);

	for (unsigned i = 0; i < n; i++)
		list[i] = must_strdup(cfg_getnstr(section, name, i));
	return list;
}

static void
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

static void
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

static bool
has_secret(const struct relay *r)
{
	return r->password != NULL ||
	       (r->proxy != NULL && proxy_has_password(r->proxy));
}

/* What the file as a whole must be; each setting was checked by itself. */
static int
check_whole(struct config *c, mode_t mode, struct error *err)
{
	bool secret = false;

	for (size_t i = 0; i < c->relay_count; i++)
		secret = secret || has_secret(&c->relays[i]);
	if (secret && (mode & (S_IRWXG | S_IRWXO)) != 0)
		return error_set(err, ERR_CONFIG,
		    "%s: others can read this file and it holds a password; "
		    "run: chmod 600 %s",
		    c->path, c->path);
	if (c->default_relay != NULL && config_default(c, err) == NULL)
		return -1;
	if (c->own && c->queue_path == NULL)
		c->queue_path = paths_user_queue();
	if (c->own && c->queue_path == NULL && c->queue_enabled)
		return error_set(err, ERR_CONFIG,
		    "%s: this user has no home folder; set queue { path = "
		    "\"...\" }",
		    c->path);
	if (!c->own && c->queue_path != NULL)
		return error_set(err, ERR_CONFIG,
		    "%s: the queue of the system is %s; \"path\" is for a "
		    "user's own configuration",
		    c->path, paths_system_queue());
	if (!c->own)
		c->queue_path = must_strdup(paths_system_queue());
	return 0;
}

static int
read_file(const char *path, struct buf *text, mode_t *mode, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int rc = -1;

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERR_CONFIG,
		    "%s: no such file; pillarbox.conf(5) has an example to "
		    "begin with",
		    path);
	if (fd < 0 || fstat(fd, &st) != 0) {
		rc = error_errno(err, ERR_CONFIG, "%s: cannot open", path);
	} else if (!S_ISREG(st.st_mode)) {
		rc = error_set(err, ERR_CONFIG, "%s: not a plain file", path);
	} else {
		*mode = st.st_mode;
		rc = io_read_all(fd, text, path, err);
		err->kind = rc != 0 ? ERR_CONFIG : err->kind;
	}
	io_close(&fd);
	return rc;
}

/* Reads the file c->path. */
static int
load(struct config *c, struct error *err)
{
	cfg_t *root = NULL;
	mode_t mode = 0;
	struct buf text;
	int rc = -1;

	buf_init(&text, CONFIG_FILE_MAX);
	if (read_file(c->path, &text, &mode, err) != 0 ||
	    remarks_blank(&text, c->path, err) != 0)
		goto out;
	root = settings_parse(c->path, buf_span(&text), err);
	if (root == NULL)
		goto out;
	fill(c, root);
	rc = check_whole(c, mode, err);
out:
	if (root != NULL)
		cfg_free(root);
	buf_wipe(&text);
	buf_release(&text);
	if (rc != 0)
		config_release(c);
	return rc;
}

int
config_load(struct config *c, const char *given, struct error *err)
{
	*c = (struct config){0};
	c->path = paths_config(given, &c->own);
	return load(c, err);
}

int
config_load_helper(struct config *c, const char *given, struct error *err)
{
	*c = (struct config){.own = given != NULL};
	c->path = must_strdup(given != NULL ? given : paths_system_config());
	return load(c, err);
}
