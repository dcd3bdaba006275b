/* SPDX-License-Identifier: ISC */
/* The settings of a relay that say how sessions with it are used. */
#include "config/check_session.h"

#include "base/limits.h"
#include "config/units.h"

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
check_window(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_number(cfg, opt, 1, WINDOW_MAX);
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
