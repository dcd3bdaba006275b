/* SPDX-License-Identifier: ISC */
/* Is a login to be bound to TLS, as those before it were? */
#include "delivery/login_bound.h"

#include "config/mechanism.h"

bool
login_is_plus(int m)
{
	return m >= 0 && (MECHANISM_BIT(m) & MECHANISM_ALL_PLUS) != 0;
}

static bool
was_bound(const struct stream *s)
{
	struct span rest = s->options->bound, place;

	while (span_cut(&rest, '\n', &place))
		if (span_same_nocase(place, span_of(s->place)))
			return true;
	return false;
}

/* Does somebody in between hide what the relay can? Where auth does not have it
 * the administrator does not want it. */
bool
login_is_downgraded(const struct stream *s, int m, struct error *err)
{
	const struct capabilities *caps = &s->greeting.caps;

	if ((s->options->relay->auth & MECHANISM_ALL_PLUS) == 0 ||
	    login_is_plus(m) || !was_bound(s))
		return false;
	error_set(err, ERR_PERMISSION,
	    "login stopped: logins at %s were bound to TLS before "
	    "(SCRAM-...-PLUS), and now it offers AUTH %s%s; nothing was sent; "
	    "if whoever runs it says that this is right, write auth = {\"%s\"}",
	    s->place, caps->auth ? caps->mechanisms : "not at all",
	    (caps->auth_set & MECHANISM_ALL_PLUS) != 0
		? " on a connection that has nothing to bind to"
		: "",
	    m >= 0 ? mechanism_name(m) : "...");
	return true;
}
