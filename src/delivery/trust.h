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

/*
 * Is the certificate of the session's other end one for servers, by its
 * extended key usage (RFC 5280 4.2.1.12), if it has any? 0, or the bits of a
 * gnutls_certificate_status_t. Nobody else asks: libcurl proves chain and name.
 */
unsigned trust_purpose(void *session);

/*
 * Why a certificate is not trusted, from the bits of GnuTLS's check (a
 * gnutls_certificate_status_t): "The certificate chain uses expired
 * certificate" into to; empty when the bits say nothing.
 */
void trust_explain(unsigned status, char *to, size_t size);

#endif
