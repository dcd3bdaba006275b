/* SPDX-License-Identifier: ISC */
/* What auth may hold. */
#include "config/check_auth.h"

#include "base/buf.h"
#include "base/limits.h"
#include "config/mechanism.h"

static bool
is_built(enum mechanism m)
{
	return (MECHANISM_ALL_BUILT & MECHANISM_BIT(m)) != 0;
}

/* Called for every element, as the list grows. */
int
check_auth(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	struct buf known;
	enum mechanism found =
	    mechanism_find(span_of(value != NULL ? value : ""));

	if (found < MECHANISM_COUNT && is_built(found))
		return 0;
	buf_init(&known, 1 * KIB);
	for (enum mechanism m = 0; m < MECHANISM_COUNT; m++)
		if (is_built(m))
			buf_printf(&known, "%s%s", known.len > 0 ? ", " : "",
			    mechanism_name(m));
	cfg_error(cfg, "%s has \"%s\"; it can have %s%s", opt->name,
	    value ? value : "", buf_text(&known),
	    found < MECHANISM_COUNT ? "; SCRAM needs a build with libgsasl"
				    : "");
	buf_release(&known);
	return -1;
}
