/* SPDX-License-Identifier: ISC */
/* What a server shows, and who vouches for it. */
#include "delivery/trust_chain.h"

#include "base/text.h"

#include <stdint.h>

void
chain_object(struct doubt *d, const char *why)
{
	text_copy(d->why, sizeof d->why, span_of(why));
	d->remedy = "";
}

/* Does it lead to one of the list, and is it for the host and in time? */
bool
chain_is_vouched(const struct chain *c, gnutls_x509_trust_list_t list,
    const char *remedy, struct doubt *d)
{
	unsigned char server[] = GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st wanted[] = {
	    {.type = GNUTLS_DT_DNS_HOSTNAME,
		.data = (unsigned char *)(uintptr_t)c->by->host},
	    {.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = server},
	};
	gnutls_x509_crt_t copy[DEPTH_MAX];
	unsigned status = 0;

	/* GnuTLS brings them into order, in place. */
	memcpy(copy, c->at, sizeof copy);
	if (gnutls_x509_trust_list_verify_crt2(
		list, copy, c->count, wanted, 2, 0, &status, NULL) != 0) {
		chain_object(d, "it cannot be checked");
		return false;
	}
	trust_explain(status, d);
	/* Nothing passes by itself, or is ours to mend. */
	if (remedy != NULL &&
	    (status &
		~(unsigned)(GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_NOT_FOUND |
			    GNUTLS_CERT_UNEXPECTED_OWNER)) == 0)
		d->remedy = remedy;
	for (unsigned i = 0; status == 0 && i < c->count; i++)
		if (!trust_is_strict(c->at[i], i == 0, d))
			return false;
	return status == 0;
}

/* A list of its own, since GnuTLS takes over what is put into one. */
static gnutls_x509_trust_list_t
list_of(const struct chain *c, const gnutls_datum_t *der)
{
	const char *crl = c->by->crl_file;
	gnutls_x509_trust_list_t list;
	gnutls_x509_crt_t anchor;

	if (gnutls_x509_trust_list_init(&list, 1) < 0)
		return NULL;
	if (gnutls_x509_crt_init(&anchor) == 0) {
		if (gnutls_x509_crt_import(anchor, der, GNUTLS_X509_FMT_DER) !=
			0 ||
		    gnutls_x509_trust_list_add_cas(list, &anchor, 1, 0) != 1)
			gnutls_x509_crt_deinit(anchor);
	}
	if (crl == NULL || gnutls_x509_trust_list_add_trust_file(
			       list, NULL, crl, GNUTLS_X509_FMT_PEM, 0, 0) >= 0)
		return list;
	gnutls_x509_trust_list_deinit(list, 1);
	return NULL;
}

/* Is it vouched for by this one alone? */
bool
chain_is_below_der(
    const struct chain *c, const gnutls_datum_t *der, struct doubt *d)
{
	gnutls_x509_trust_list_t list = list_of(c, der);
	bool good;

	if (list == NULL) {
		chain_object(d, "it cannot be checked");
		return false;
	}
	good = chain_is_vouched(c, list,
	    "whoever runs the relay must mend its certificate or its records",
	    d);
	gnutls_x509_trust_list_deinit(list, 1);
	return good;
}

/* The same by an authority that the server shows, or that is known. */
bool
chain_is_below(const struct chain *c, gnutls_x509_crt_t anchor, struct doubt *d)
{
	gnutls_datum_t der = {0};
	bool good = false;

	if (gnutls_x509_crt_export2(anchor, GNUTLS_X509_FMT_DER, &der) == 0)
		good = chain_is_below_der(c, &der, d);
	else
		chain_object(d, "it cannot be checked");
	gnutls_free(der.data);
	return good;
}

/* The authorities of PKIX. NULL: they cannot be read. */
gnutls_x509_trust_list_t
chain_authorities(struct chain *c)
{
	const struct trust_by *by = c->by;
	gnutls_x509_trust_list_t list;
	int rc;

	if (c->authorities != NULL || gnutls_x509_trust_list_init(&list, 0) < 0)
		return c->authorities;
	rc = by->ca_file != NULL
		 ? gnutls_x509_trust_list_add_trust_file(
		       list, by->ca_file, NULL, GNUTLS_X509_FMT_PEM, 0, 0)
		 : gnutls_x509_trust_list_add_system_trust(list, 0, 0);
	if (rc >= 0 && by->crl_file != NULL)
		rc = gnutls_x509_trust_list_add_trust_file(
		    list, NULL, by->crl_file, GNUTLS_X509_FMT_PEM, 0, 0);
	if (rc >= 0)
		return c->authorities = list;
	gnutls_x509_trust_list_deinit(list, 1);
	return NULL;
}

void
chain_release(struct chain *c)
{
	while (c->count > 0)
		gnutls_x509_crt_deinit(c->at[--c->count]);
	if (c->authorities != NULL)
		gnutls_x509_trust_list_deinit(c->authorities, 1);
}

/* False: none is there, or one cannot be read. */
bool
chain_take(void *session, struct chain *c)
{
	unsigned count = 0;
	const gnutls_datum_t *list =
	    gnutls_certificate_get_peers(session, &count);

	while (c->count < count && c->count < DEPTH_MAX) {
		gnutls_x509_crt_t *one = &c->at[c->count];

		if (gnutls_x509_crt_init(one) < 0)
			return false;
		c->count++;
		if (gnutls_x509_crt_import(
			*one, &list[c->count - 1], GNUTLS_X509_FMT_DER) != 0)
			return false;
	}
	return c->count > 0;
}
