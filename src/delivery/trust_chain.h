/* SPDX-License-Identifier: ISC */
/* The certificates that a server shows, for trust_dane.c. By GnuTLS. */
#ifndef DELIVERY_TRUST_CHAIN_H
#define DELIVERY_TRUST_CHAIN_H

#include "delivery/trust_dane.h"

#include <gnutls/x509.h>

/* GnuTLS follows no longer ones. */
#define DEPTH_MAX 16

struct chain {
	const struct trust_by *by;
	gnutls_x509_crt_t at[DEPTH_MAX]; /* the server's first */
	unsigned count;
	gnutls_x509_trust_list_t authorities; /* NULL: not read yet */
	bool known; /* what they say, which is the same for all records: */
	bool vouched;
	struct doubt doubt;
};

/* False, with what is to be given back all the same: none is there, or one
 * cannot be read. */
bool chain_take(void *session, struct chain *c);
void chain_release(struct chain *c);

/* Held against it, with nothing to be done. */
void chain_object(struct doubt *d, const char *why);

/* Does it lead to one of the list, and is it for the host and in time? False
 * with *d, and with remedy there if only the list is in the way. */
bool chain_is_vouched(const struct chain *c, gnutls_x509_trust_list_t list,
    const char *remedy, struct doubt *d);

/* The same by one authority alone, and its certificate in DER. */
bool chain_is_below(
    const struct chain *c, gnutls_x509_crt_t anchor, struct doubt *d);
bool chain_is_below_der(
    const struct chain *c, const gnutls_datum_t *der, struct doubt *d);

/* The authorities of PKIX, which stay c's. NULL: they cannot be read. */
gnutls_x509_trust_list_t chain_authorities(struct chain *c);

#endif
