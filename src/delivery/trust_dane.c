/* SPDX-License-Identifier: ISC */
/*
 * Certificates by TLSA records. What GnuTLS has for that (libgnutls-dane) does
 * not do: it is content with any chain that the certificate of an authority is
 * put behind, whoever has signed what, and asks nobody in PKIX's name.
 */
#include "delivery/trust_dane.h"

#include "delivery/trust_chain.h"

#include <stdint.h>

/* The half of PKIX. */
static bool
is_vouched_by_authority(struct chain *c, struct doubt *d)
{
	if (!c->known) {
		c->known = true;
		if (chain_authorities(c) != NULL)
			c->vouched = chain_is_vouched(
			    c, c->authorities, NULL, &c->doubt);
		else
			chain_object(&c->doubt, "no authority's can be read");
	}
	*d = c->doubt;
	return c->vouched;
}

/* The authority that the record is about: 1: has signed it, 0: has not, and d
 * says why; -1: it is not that which is known to have signed this one. */
static int
meets_known(struct chain *c, const struct tlsa *r, gnutls_x509_crt_t one,
    struct doubt *d)
{
	gnutls_x509_crt_t known;
	int rc = -1;

	if (gnutls_x509_trust_list_get_issuer(
		c->authorities, one, &known, GNUTLS_TL_GET_COPY) != 0)
		return -1;
	if (trust_is_about(r, known))
		rc = chain_is_below(c, known, d);
	gnutls_x509_crt_deinit(known);
	return rc;
}

/* The same; -1: it is not there. */
static int
meets_authority(struct chain *c, const struct tlsa *r, struct doubt *d)
{
	const gnutls_datum_t whole = {
	    .data = (unsigned char *)(uintptr_t)r->data.at,
	    .size = (unsigned)r->data.len,
	};
	int rc = -1;

	for (unsigned i = 1; i < c->count; i++)
		if (trust_is_about(r, c->at[i]))
			return chain_is_below(c, c->at[i], d);
	if (r->selector == TLSA_CERTIFICATE && r->matching == TLSA_FULL)
		return chain_is_below_der(c, &whole, d);
	/* The root of PKIX need not be shown. */
	if (r->usage == TLSA_PKIX_TA && chain_authorities(c) != NULL)
		for (unsigned i = c->count; rc < 0 && i > 0; i--)
			rc = meets_known(c, r, c->at[i - 1], d);
	return rc;
}

/* As meets_authority(), by the usage of the record. */
static int
meets(struct chain *c, const struct tlsa *r, struct doubt *d)
{
	bool of_server = r->usage == TLSA_DANE_EE || r->usage == TLSA_PKIX_EE;
	int rc = of_server ? (trust_is_about(r, c->at[0]) ? 1 : -1)
			   : meets_authority(c, r, d);

	if (rc > 0 && (r->usage == TLSA_PKIX_EE || r->usage == TLSA_PKIX_TA))
		return is_vouched_by_authority(c, d);
	return rc;
}

const struct tlsa *
trust_by_records(void *session, const struct trust_by *by,
    const struct tlsa **about, struct doubt *d)
{
	struct chain c = {.by = by};
	const struct tlsa *met = NULL;

	*about = NULL;
	*d = (struct doubt){.remedy = ""};
	if (!chain_take(session, &c)) {
		chain_object(d, "it cannot be read");
		chain_release(&c);
		return NULL;
	}
	/* Those that ask least first. */
	for (int usage = TLSA_DANE_EE; usage >= TLSA_PKIX_TA; usage--)
		for (size_t i = 0; met == NULL && i < by->count; i++) {
			struct doubt held = {.remedy = ""};
			int rc = by->records[i].usage == usage
				     ? meets(&c, &by->records[i], &held)
				     : -1;

			if (rc > 0)
				met = &by->records[i];
			if (rc == 0)
				*d = held, *about = &by->records[i];
		}
	chain_release(&c);
	return met;
}
