/* SPDX-License-Identifier: ISC */
/* The table of settings and their checks. */
#include "config/settings.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/checks.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* strtol(3), which libconfuse asks, would take a number with a leading zero for
 * an octal one, and 0x1D1 for 465. */
static int
number(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct span digits = span_of(value);
	unsigned long long n;

	if (digits.len > 1 && digits.at[0] == '0') {
		cfg_error(cfg, "%s is %s; write it without the leading zero",
		    opt->name, value);
		return -1;
	}
	if (span_starts(digits, "-"))
		digits = span_from(digits, 1);
	if (!text_number(digits, LONG_MAX, &n)) {
		cfg_error(
		    cfg, "%s is \"%s\"; write a number", opt->name, value);
		return -1;
	}
	*(long *)result = value[0] == '-' ? -(long)n : (long)n;
	return 0;
}

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
    CFG_INT_CB("port", 0, CFGF_NONE, number),
    CFG_STR("address-family", "any", CFGF_NONE),
    CFG_STR("source-address", NULL, CFGF_NODEFAULT),
    CFG_STR("proxy", NULL, CFGF_NODEFAULT),
    CFG_STR("proxy-user", NULL, CFGF_NODEFAULT),
    CFG_STR("proxy-password-file", NULL, CFGF_NODEFAULT),
    CFG_STR("tls", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-ca-file", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-crl-file", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-minimum", "1.2", CFGF_NONE),
    CFG_STR_LIST("tls-pin", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-trust", "authority", CFGF_NONE),
    CFG_STR("tls-dane", "off", CFGF_NONE),
    CFG_STR("tls-certificate", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-key", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-key-password-file", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("tls-key-password-command", NULL, CFGF_NODEFAULT),
    CFG_STR("tls-key-password-credential", NULL, CFGF_NODEFAULT),
    CFG_STR("user", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("auth", NULL, CFGF_NODEFAULT),
    CFG_STR("password", NULL, CFGF_NODEFAULT),
    CFG_STR("password-file", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("password-command", NULL, CFGF_NODEFAULT),
    CFG_STR("password-credential", NULL, CFGF_NODEFAULT),
    CFG_STR("netrc-file", NULL, CFGF_NODEFAULT),
    CFG_SEC("oauth", oauth_settings, CFGF_NODEFAULT),
    CFG_STR_LIST("senders", NULL, CFGF_NODEFAULT),
    CFG_STR("from", NULL, CFGF_NODEFAULT),
    CFG_STR("identity", "keep", CFGF_NONE),
    CFG_STR_LIST("masquerade", NULL, CFGF_NODEFAULT),
    CFG_STR("timeout", "60s", CFGF_NONE),
    CFG_STR("connect-timeout", NULL, CFGF_NODEFAULT),
    CFG_INT_CB("connections", 2, CFGF_NONE, number),
    CFG_INT_CB("messages-per-connection", 1000, CFGF_NONE, number),
    CFG_INT_CB("window", 32, CFGF_NONE, number),
    CFG_STR("window-size", "1M", CFGF_NONE),
    CFG_STR("linger", "1s", CFGF_NONE),
    CFG_STR_LIST("rate", NULL, CFGF_NODEFAULT),
    CFG_END(),
};

static cfg_opt_t settings[] = {
    CFG_STR("hostname", NULL, CFGF_NODEFAULT),
    CFG_STR("domain", NULL, CFGF_NODEFAULT),
    CFG_STR("aliases", NULL, CFGF_NODEFAULT),
    CFG_STR("max-size", NULL, CFGF_NODEFAULT),
    CFG_STR("delivery", "background", CFGF_NONE),
    CFG_STR("foreground-timeout", "15s", CFGF_NONE),
    CFG_STR("received", "none", CFGF_NONE),
    CFG_STR("extract-addresses", "add", CFGF_NONE),
    CFG_STR("log", "syslog", CFGF_NONE),
    CFG_BOOL("log-json", cfg_false, CFGF_NONE),
    CFG_STR("default-relay", NULL, CFGF_NODEFAULT),
    CFG_SEC("queue", queue_settings, CFGF_NONE),
    CFG_SEC(
	"relay", relay_settings, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
    CFG_END(),
};

/* The longest table, with its end. */
#define NAMES_MAX (sizeof relay_settings / sizeof relay_settings[0])

_Static_assert(sizeof settings <= sizeof relay_settings &&
		   sizeof oauth_settings <= sizeof relay_settings &&
		   sizeof queue_settings <= sizeof relay_settings,
    "say_unknown() has room for the names of every section");

/* Where the error of a parse goes, the file's name (an inner section does not
 * know it) and its text: libconfuse's callback has no room for a pointer of
 * ours. Set only while settings_parse() runs. */
static struct error *parse_error;
static const char *parse_path;
static struct span parse_text;

/* What libconfuse takes for another setting may be the second word of a
 * password. */
static bool
has_secret(int line)
{
	struct span rest = parse_text, text = span("", 0);

	while (line-- > 0 && span_cut(&rest, '\n', &text))
		continue;
	text = span_trim(text);
	return span_starts(text, "password") || span_starts(text, "proxy");
}

/* Names the section, the setting nearest to an unknown one, and itself. */
static void
say_unknown(cfg_t *cfg, const char *name, struct buf *to)
{
	const char *names[NAMES_MAX];
	const char *near;
	size_t n = 0;

	for (cfg_opt_t *opt = cfg->opts; opt->name != NULL; opt++)
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
		if (has_secret(cfg->line))
			buf_add_text(&to, "a value of several words, or with "
					  "signs in it, stands in quotes");
		else
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
	parse_text = text;
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
	parse_text = span("", 0);
	if (rc == CFG_SUCCESS)
		return root;
	if (err->kind == ERR_NONE)
		error_set(
		    err, ERR_CONFIG, "%s: cannot read it as settings", path);
	cfg_free(root);
	return NULL;
}
