/* SPDX-License-Identifier: ISC */
/* What a server says it can do: the reply to EHLO (RFC 5321 4.1.1.1). */
#ifndef DELIVERY_CAPABILITY_H
#define DELIVERY_CAPABILITY_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct capabilities {
	bool starttls;        /* RFC 3207 */
	bool pipelining;      /* RFC 2920 */
	bool chunking;        /* RFC 3030 */
	bool eight_bit_mime;  /* RFC 6152 */
	bool smtputf8;        /* RFC 6531 */
	bool dsn;             /* RFC 3461 */
	bool require_tls;     /* RFC 8689; only where there is TLS */
	bool enhanced_codes;  /* RFC 2034 */
	bool size;            /* RFC 1870 */
	int64_t size_max;     /* octets; 0: no limit known */
	bool auth;            /* RFC 4954 */
	char mechanisms[128]; /* as offered, cut to fit */
	unsigned auth_set;    /* those that we know (config/mechanism.h) */
};

/* Takes one line of the reply, code and line end removed; not the first,
 * which is the server's name. Unknown keywords are ignored. */
void capability_take(struct capabilities *c, struct span line);

#endif
