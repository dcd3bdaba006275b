/* SPDX-License-Identifier: ISC */
/* What TLS has proved. The only user of GnuTLS. */
#ifndef DELIVERY_TRUST_H
#define DELIVERY_TRUST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Describes the session (a gnutls_session_t) as "TLS1.3 AES-256-GCM" into to.
 * False when there is no session, or it is older than TLS 1.2.
 */
bool trust_describe(void *session, char *to, size_t size);

#endif
