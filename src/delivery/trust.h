/* SPDX-License-Identifier: ISC */
/* What TLS has proved. The only user of GnuTLS. */
#ifndef DELIVERY_TRUST_H
#define DELIVERY_TRUST_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/*
 * Describes the session (a gnutls_session_t) as "TLS1.3 AES-256-GCM" into to.
 * False when there is no session, or it is older than TLS 1.2.
 */
bool trust_describe(void *session, char *to, size_t size);

/* What is held against a certificate, and what to do about it. */
struct doubt {
	char why[256]; /* empty: nothing */
	const char *remedy;
};

/*
 * Proves the certificate of the session's other end once more, more strictly
 * than libcurl, which has found chain, dates and name to be right: by what it
 * is for (RFC 5280 4.2.1.12), with no key below 96 bits of security
 * (1776 of RSA), not by a name in CN (RFC 9525 6.3), and not by an
 * authority's own certificate, unless that is trusted itself. False with *d.
 */
bool trust_check(void *session, struct doubt *d);

/* Are the lists of the file, which libcurl has read, in time? Nobody else asks.
 * False with *d. */
bool trust_check_crl(const char *path, struct doubt *d);

/* May the token of this address (RFC 7512) be given a PIN? Not after a wrong
 * one, until somebody has given it the right one. False with *d. */
bool trust_check_token(const char *address, struct doubt *d);

/* GnuTLS keeps the password of our key, or its PIN, with the key that it has
 * opened by it, and has no function to wipe that. This does ("": none). */
void trust_forget_key(void *session, const char *password);

/*
 * The public key of the session's other end as tls-pin has it: "sha256//" and
 * the base64 of the SHA-256 of its DER form (RFC 7469 2.4). False, with an
 * empty one, if there is none.
 */
bool trust_key(void *session, char to[PIN_SIZE]);

/* The same of one certificate of the chain, not asking who has signed it: the
 * first is the server's. It is a gnutls_x509_crt_t. */
bool trust_is_strict(void *certificate, bool first, struct doubt *d);

/* One of those that a server shows. */
struct certificate {
	char subject[256], issuer[256]; /* of one line; empty: longer */
	time_t from, until;
	char pin[PIN_SIZE];
};

/* Reads one in PEM. False: it is none. */
bool trust_read(const char *pem, struct certificate *c);

/* What the bits of GnuTLS's check (a gnutls_certificate_status_t) say; 0:
 * nothing, d->why is empty. */
void trust_explain(unsigned status, struct doubt *d);

#endif
