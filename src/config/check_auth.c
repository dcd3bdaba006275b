/* SPDX-License-Identifier: ISC */
/* What auth may hold. */
#include "config/check_auth.h"

#include "base/buf.h"
#include "base/limits.h"
#include "config/mechanism.h"

/* Called for every element, as the list grows. */
int
check_auth(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	struct buf known;

	if (value != NULL && mechanism_find(span_of(value)) < MECHANISM_COUNT)
		return 0;
	buf_init(&known, 1 * KIB);
	for (enum mechanism m = 0; m < MECHANISM_COUNT; m++)
		buf_printf(
		    &known, "%s%s", m > 0 ? ", " : "", mechanism_name(m));
	cfg_error(cfg, "%s has \"%s\"; it can have %s", opt->name,
	    value ? value : "", buf_text(&known));
	buf_release(&known);
	return -1;
}
