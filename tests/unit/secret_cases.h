/* SPDX-License-Identifier: ISC */
/* The password of a relay, and whether it is the one that was wanted. */
#ifndef SECRET_CASES_H
#define SECRET_CASES_H

#include "unit.h"

#include "base/limits.h"
#include "config/secret.h"

#include <string.h>

/* Reads it into to, which is the caller's to release. */
static inline int
secret_of(const struct relay *relay, struct buf *to, struct error *err)
{
	*err = (struct error){0};
	buf_init(to, SECRET_MAX);
	return secret_read(relay, to, err);
}

/* Is what secret_of() gave the password want, or, with NULL, refused? Releases
 * to. */
static inline void
check_secret(const char *name, int rc, struct buf *to, const struct error *err,
    const char *want)
{
	if (rc != (want ? 0 : -1) ||
	    (want && strcmp(buf_text(to), want) != 0) ||
	    (!want && err->kind != ERR_CONFIG))
		fail_msg("%s: %d \"%s\" %s", name, rc, buf_text(to), err->text);
	buf_wipe(to);
	buf_release(to);
}

#endif
