/* SPDX-License-Identifier: ISC */
/* What the other end of TLS says of our certificate. */
#ifndef DELIVERY_ALERT_H
#define DELIVERY_ALERT_H

#include <stdbool.h>

struct alert {
	bool asked;       /* for a certificate of this host */
	const char *name; /* its last word about that (RFC 8446 6.2), or NULL */
};

/* Notes what is known by now of the session (a gnutls_session_t). */
void alert_note(struct alert *a, void *session);

#endif
