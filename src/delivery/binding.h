/* SPDX-License-Identifier: ISC */
/* What a login can be bound to (RFC 5056), so that whoever passes it on to the
 * server, over a session of its own, is not let in. */
#ifndef DELIVERY_BINDING_H
#define DELIVERY_BINDING_H

#include <stddef.h>

enum binding_kind {
	BINDING_NONE,     /* there is none to be had */
	BINDING_EXPORTER, /* tls-exporter (RFC 9266), of TLS 1.3 */
	BINDING_UNIQUE,   /* tls-unique (RFC 5929), of TLS 1.2 */
};

struct binding {
	enum binding_kind kind;
	unsigned char octets[64];
	size_t len;
};

/* That of a session (a gnutls_session_t). Of TLS 1.2 without an extended master
 * secret there is none: two sessions could have the same (RFC 7627 1). */
void binding_take(struct binding *b, void *session);

#endif
