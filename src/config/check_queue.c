/* SPDX-License-Identifier: ISC */
/* What the times of the queue may be. */
#include "config/check_queue.h"

#include "base/limits.h"
#include "config/units.h"

#define SECOND 1000LL /* milliseconds */
#define MINUTE (60 * SECOND)
#define DAY (1440 * MINUTE)

/* Is value a time from least to most? */
static bool
is_between(const char *value, int64_t least, int64_t most)
{
	int64_t ms;

	return value != NULL && units_duration(value, &ms) && ms >= least &&
	       ms <= most;
}

/* Called for every element, as the list grows. */
int
check_retry(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned n = cfg_opt_size(opt);
	const char *value = cfg_opt_getnstr(opt, n - 1);

	if (n > RETRY_COUNT_MAX)
		cfg_error(cfg,
		    "%s has more than %d times; the last one repeats",
		    opt->name, RETRY_COUNT_MAX);
	else if (!is_between(value, SECOND, 7 * DAY))
		cfg_error(cfg,
		    "%s has \"%s\"; write times such as {\"1m\", \"1h\"}, of "
		    "1s to 7d",
		    opt->name, value ? value : "");
	else
		return 0;
	return -1;
}

int
check_lifetime(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (is_between(value, MINUTE, 365 * DAY))
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write a time such as \"5d\", of 1m to 365d",
	    opt->name, value ? value : "");
	return -1;
}

int
check_warn_after(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (is_between(value, MINUTE, 365 * DAY) || is_between(value, 0, 0))
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write a time such as \"4h\", of 1m to 365d, or "
	    "\"0\" for never",
	    opt->name, value ? value : "");
	return -1;
}

/* Of an empty list no element is ever checked. */
int
check_queue(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *queue = cfg_opt_getnsec(opt, 0);

	if (queue == NULL || cfg_size(queue, "retry") > 0)
		return 0;
	cfg_error(cfg, "retry is empty; write times such as {\"1m\", \"1h\"}");
	return -1;
}
