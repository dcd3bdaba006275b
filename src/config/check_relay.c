/* SPDX-License-Identifier: ISC */
/* What the section of a relay may hold, as a whole. */
#include "config/check_relay.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/units.h"

#include <stdbool.h>
#include <string.h>

static int
check_number(cfg_t *cfg, cfg_opt_t *opt, long least, long most)
{
	long value = cfg_opt_getnint(opt, 0);

	if (value >= least && value <= most)
		return 0;
	cfg_error(cfg, "%s is %ld; it can be %ld to %ld", opt->name, value,
	    least, most);
	return -1;
}

int
check_connections(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_number(cfg, opt, 1, CONNECTIONS_MAX);
}

int
check_per_connection(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_number(cfg, opt, 0, 1000000);
}

int
check_linger(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);
	int64_t ms;

	if (units_duration(value, &ms) && ms >= 0 && ms <= LINGER_MAX_MS)
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write a time such as \"1s\", 60s at most, or "
	    "\"0s\" for not at all",
	    opt->name, value);
	return -1;
}

/* Called for every element, as the list grows. */
int
check_rate(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned n = cfg_opt_size(opt);
	const char *value = cfg_opt_getnstr(opt, n - 1);
	struct quota quota;

	if (n > QUOTA_COUNT_MAX)
		cfg_error(cfg, "%s has more than %d limits", opt->name,
		    QUOTA_COUNT_MAX);
	else if (value == NULL || !units_quota(value, &quota))
		cfg_error(cfg,
		    "%s has \"%s\"; write limits such as {\"30/1m\", "
		    "\"500/1d\"}, of at most a million in 31 days",
		    opt->name, value ? value : "");
	else
		return 0;
	return -1;
}

int
check_relay(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *relay = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *name = cfg_title(relay);
	const char *tls = cfg_getstr(relay, "tls");
	bool user = cfg_getstr(relay, "user") != NULL;
	int secrets = (cfg_getstr(relay, "password") != NULL) +
		      (cfg_getstr(relay, "password-file") != NULL) +
		      (cfg_size(relay, "password-command") > 0);
	const char *why = NULL;

	if (strlen(name) >= RELAY_NAME_SIZE || !text_is_plain_name(name))
		why =
		    "the name must be one word of at most 63 letters, digits, "
		    "\".\", \"_\" and \"-\", with no \".\" first";
	else if (cfg_getstr(relay, "host") == NULL)
		why = "no host; write host = \"smtp.example.org\"";
	else if (secrets > 1)
		why = "more than one of password, password-file and "
		      "password-command; keep one";
	else if (secrets > 0 && !user)
		why = "a password without a user; write user = \"...\"";
	else if (user && secrets == 0)
		why = "a user without a password; write password-file = "
		      "\"...\" or password-command = {...}";
	else if (user && tls != NULL && strcmp(tls, "none") == 0)
		why = "a login without TLS would show the password to "
		      "everyone; remove tls = none";
	if (why == NULL)
		return 0;
	cfg_error(cfg, "relay \"%s\": %s", name, why);
	return -1;
}
