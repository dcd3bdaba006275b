/* SPDX-License-Identifier: ISC */
/* What a server's certificate has to do with TLSA records. By GnuTLS. */
#ifndef DELIVERY_TRUST_DANE_H
#define DELIVERY_TRUST_DANE_H

#include "delivery/tlsa.h"
#include "delivery/trust.h"

#include <stdbool.h>

struct trust_by {
	const struct tlsa *records;
	size_t count;
	const char *host;     /* whose records they are; no dot behind it */
	const char *ca_file;  /* NULL: the system's; for PKIX-TA and PKIX-EE */
	const char *crl_file; /* NULL: none; for all but DANE-EE */
};

/*
 * The record that the session's other end (a gnutls_session_t) has what is
 * said by; NULL: none. By its usage:
 *
 * DANE-EE(3): its certificate or key is the record's. That is all (RFC 7671
 *	5.1): not until when, for which name, or by whom.
 * DANE-TA(2): the record's certificate or key has signed it, over any chain
 *	that the server shows, and trust_check() has nothing against it; it is
 *	for the host and in time. The authority itself must be shown, unless all
 *	of it is in the record (RFC 7671 5.2).
 * PKIX-EE(1), PKIX-TA(0): as DANE-EE and DANE-TA, and an authority of ca_file
 *	has signed it, and it is for the host and in time.
 *
 * With NULL, d has what is held against a certificate that a record is about,
 * and *about is the record; or d->why is empty, and no record is about it.
 */
const struct tlsa *trust_by_records(void *session, const struct trust_by *by,
    const struct tlsa **about, struct doubt *d);

/* Is the record about a certificate (a gnutls_x509_crt_t)? */
bool trust_is_about(const struct tlsa *r, void *certificate);

/* The record that would be about the session's other end, as the usual "3 1
 * 1"; empty: there is none. */
void trust_record(void *session, char to[TLSA_TEXT_SIZE]);

#endif
