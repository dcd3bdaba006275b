/* SPDX-License-Identifier: ISC */
/* What stands behind MAIL and RCPT. Private to smtpd/. */
#ifndef SMTPD_PATH_H
#define SMTPD_PATH_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Takes "FROM:<path>" or "TO:<path>" from *rest, keyword being "FROM:" or
 * "TO:", and adds "<path>" to to. A blank behind the colon, and a path without
 * brackets, are what some clients write. False: it is none, or a comment or a
 * blank is in it, which RFC 5321 has not. Whether it holds an address is for
 * address.h.
 */
bool path_take(struct span *rest, const char *keyword, struct buf *to);

/* The parameters of MAIL and RCPT; each is NULL, false or 0 if not given. */
struct parameters {
	unsigned seen; /* a bit each, so that none comes twice */
	bool utf8;
	unsigned long long size;
	char *ret;
	char *envid;
	char *notify;
	char *orcpt;
};

enum parameters_for {
	FOR_MAIL = 1,
	FOR_RCPT = 2,
};

/*
 * Reads all of text into *p, which parameters_release() frees in any case.
 * NULL; or the reply to what is wrong.
 */
const char *parameters_read(
    struct span text, enum parameters_for whom, struct parameters *p);
void parameters_release(struct parameters *p);

#endif
