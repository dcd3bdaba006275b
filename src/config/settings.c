/* SPDX-License-Identifier: ISC */
/* The table of settings and their checks. */
#include "config/settings.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/checks.h"

#include <stdio.h>
#include <stdlib.h>

static cfg_opt_t queue_settings[] = {
    CFG_STR("path", NULL, CFGF_NODEFAULT),
    CFG_BOOL("enabled", cfg_true, CFGF_NONE),
    CFG_STR_LIST("retry", "{1m, 5m, 15m, 1h, 4h}", CFGF_NONE),
    CFG_STR("lifetime", "5d", CFGF_NONE),
    CFG_STR("warn-after", "4h", CFGF_NONE),
    CFG_END(),
};

static cfg_opt_t oauth_settings[] = {
    CFG_STR("provider", NULL, CFGF_NODEFAULT),
    CFG_STR("grant", NULL, CFGF_NODEFAULT),
    CFG_STR("tenant", NULL, CFGF_NODEFAULT),
    CFG_STR("client-id", NULL, CFGF_NODEFAULT),
    CFG_STR("client-secret-file", NULL, CFGF_NODEFAULT),
    CFG_STR("scope", NULL, CFGF_NODEFAULT),
    CFG_STR("login", NULL, CFGF_NODEFAULT),
    CFG_STR("token-endpoint", NULL, CFGF_NODEFAULT),
    CFG_STR("authorization-endpoint", NULL, CFGF_NODEFAULT),
    CFG_STR("device-endpoint", NULL, CFGF_NODEFAULT),
    CFG_STR("redirect", NULL, CFGF_NODEFAULT),
    CFG_STR("ca-file", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("token-command", NULL, CFGF_NODEFAULT),
    CFG_END(),
};

static cfg_opt_t relay_settings[] = {
    CFG_STR_LIST("host", NULL, CFGF_NODEFAULT),
    CFG_STR("srv", NULL, CFGF_NODEFAULT),
    CFG_STR("protocol", "smtp", CFGF_NONE),
    CFG_INT("port", 0, CFGF_NONE),
    CFG_STR("address-family", "any", CFGF_NONE),
    CFG_STR("source-address", NULL, CFGF_NODEFAULT),
    CFG_STR("proxy", NULL, CFGF_NODEFAULT),
    CFG_STR("proxy-user", NULL, CFGF_NODEFAULT),
    CFG_STR("proxy-password-file", NULL, CFGF_NODEFAULT),
    CFG_STR("tls", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-ca-file", NULL, CFGF_NODEFAULT),
    CFG_STR("user", NULL, CFGF_NODEFAULT),
    CFG_STR("password", NULL, CFGF_NODEFAULT),
    CFG_STR("password-file", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("password-command", NULL, CFGF_NODEFAULT),
    CFG_SEC("oauth", oauth_settings, CFGF_NODEFAULT),
    CFG_STR_LIST("senders", NULL, CFGF_NODEFAULT),
    CFG_STR("from", NULL, CFGF_NODEFAULT),
    CFG_STR("timeout", "60s", CFGF_NONE),
    CFG_STR("connect-timeout", NULL, CFGF_NODEFAULT),
    CFG_INT("connections", 2, CFGF_NONE),
    CFG_INT("messages-per-connection", 1000, CFGF_NONE),
    CFG_INT("window", 32, CFGF_NONE),
    CFG_STR("window-size", "1M", CFGF_NONE),
    CFG_STR("linger", "1s", CFGF_NONE),
    CFG_STR_LIST("rate", NULL, CFGF_NODEFAULT),
    CFG_END(),
};

static cfg_opt_t settings[] = {
    CFG_STR("hostname", NULL, CFGF_NODEFAULT),
    CFG_STR("domain", NULL, CFGF_NODEFAULT),
    CFG_STR("max-size", NULL, CFGF_NODEFAULT),
    CFG_STR("delivery", "background", CFGF_NONE),
    CFG_STR("foreground-timeout", "15s", CFGF_NONE),
    CFG_STR("received", "none", CFGF_NONE),
    CFG_STR("log", "syslog", CFGF_NONE),
    CFG_BOOL("log-json", cfg_false, CFGF_NONE),
    CFG_STR("default-relay", NULL, CFGF_NODEFAULT),
    CFG_SEC("queue", queue_settings, CFGF_NONE),
    CFG_SEC(
	"relay", relay_settings, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
    CFG_END(),
};

/* Where the error of a parse goes, and the file's name (an inner section does
 * not know it): libconfuse's callback has no room for a pointer of ours. Set
 * only while settings_parse() runs. */
static struct error *parse_error;
static const char *parse_path;

/* Names the section, the setting nearest to an unknown one, and itself. */
static void
say_unknown(cfg_t *cfg, const char *name, struct buf *to)
{
	const char *names[32];
	const char *near;
	size_t n = 0;

	for (cfg_opt_t *opt = cfg->opts; opt->name != NULL && n < 32; opt++)
		names[n++] = opt->name;
	buf_printf(to, "unknown setting \"%s\"", name);
	if (cfg->title != NULL)
		buf_printf(to, " in %s \"%s\"", cfg->name, cfg->title);
	else if (strcmp(cfg->name, "root") != 0)
		buf_printf(to, " in %s", cfg->name);
	near = text_nearest(name, names, n);
	if (near != NULL)
		buf_printf(to, "; did you mean \"%s\"?", near);
}

static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	static const char unknown[] = "no such option '";
	char text[256];
	struct buf to;
	char *quote;

	/* The first error is the cause; what follows is its echo. */
	if (parse_error == NULL || parse_error->kind != ERR_NONE)
		return;
	buf_init(&to, 4 * KIB);
	vsnprintf(text, sizeof text, fmt, ap);
	quote = strrchr(text, '\'');
	if (span_starts(span_of(text), unknown) && quote != NULL) {
		*quote = '\0';
		say_unknown(cfg, text + sizeof unknown - 1, &to);
	} else {
		buf_add_text(&to, text);
	}
	error_set(parse_error, ERR_CONFIG, "%s:%d: %s", parse_path, cfg->line,
	    buf_text(&to));
	buf_release(&to);
}

cfg_t *
settings_parse(const char *path, struct span text, struct error *err)
{
	cfg_t *root = cfg_init(settings, CFGF_NONE);
	FILE *file;
	int rc = CFG_PARSE_ERROR;

	*err = (struct error){0};
	parse_error = err;
	parse_path = path;
	cfg_set_error_function(root, on_error);
	checks_register(root);
	/* An empty file is fine, but not for fmemopen(3). */
	file = fmemopen((void *)(uintptr_t)(text.len ? text.at : "\n"),
	    text.len ? text.len : 1, "r");
	if (file != NULL) {
		rc = cfg_parse_fp(root, file);
		fclose(file);
	}
	parse_error = NULL;
	parse_path = NULL;
	if (rc == CFG_SUCCESS)
		return root;
	if (err->kind == ERR_NONE)
		error_set(
		    err, ERR_CONFIG, "%s: cannot read it as settings", path);
	cfg_free(root);
	return NULL;
}
