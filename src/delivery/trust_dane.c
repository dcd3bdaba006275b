/* SPDX-License-Identifier: ISC */
/*
 * Certificates by TLSA records. What GnuTLS has for that (libgnutls-dane) does
 * not do: it is content with any chain that the certificate of an authority is
 * put behind, whoever has signed what, and asks nobody in PKIX's name.
 */
#include "delivery/trust_dane.h"

#include "base/text.h"

#include <gnutls/x509.h>
#include <stdint.h>

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

static void
object(struct doubt *d, const char *why)
{
	text_copy(d->why, sizeof d->why, span_of(why));
	d->remedy = "";
}

/* Does it lead to one of the list, and is it for the host and in time? */
static bool
is_vouched(const struct chain *c, gnutls_x509_trust_list_t list,
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
		object(d, "it cannot be checked");
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
static bool
is_below(const struct chain *c, const gnutls_datum_t *der, struct doubt *d)
{
	gnutls_x509_trust_list_t list = list_of(c, der);
	bool good;

	if (list == NULL) {
		object(d, "it cannot be checked");
		return false;
	}
	good = is_vouched(c, list,
	    "whoever runs the relay must mend its certificate or its records",
	    d);
	gnutls_x509_trust_list_deinit(list, 1);
	return good;
}

/* The same by an authority that the server shows, or that is known. */
static bool
is_below_crt(const struct chain *c, gnutls_x509_crt_t anchor, struct doubt *d)
{
	gnutls_datum_t der = {0};
	bool good = false;

	if (gnutls_x509_crt_export2(anchor, GNUTLS_X509_FMT_DER, &der) == 0)
		good = is_below(c, &der, d);
	else
		object(d, "it cannot be checked");
	gnutls_free(der.data);
	return good;
}

/* The authorities of PKIX. NULL: they cannot be read. */
static gnutls_x509_trust_list_t
authorities(struct chain *c)
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

/* The half of PKIX. */
static bool
is_vouched_by_authority(struct chain *c, struct doubt *d)
{
	if (!c->known) {
		c->known = true;
		if (authorities(c) != NULL)
			c->vouched =
			    is_vouched(c, c->authorities, NULL, &c->doubt);
		else
			object(&c->doubt, "no authority's can be read");
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
		rc = is_below_crt(c, known, d);
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
			return is_below_crt(c, c->at[i], d);
	if (r->selector == TLSA_CERTIFICATE && r->matching == TLSA_FULL)
		return is_below(c, &whole, d);
	/* The root of PKIX need not be shown. */
	if (r->usage == TLSA_PKIX_TA && authorities(c) != NULL)
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

static void
release(struct chain *c)
{
	while (c->count > 0)
		gnutls_x509_crt_deinit(c->at[--c->count]);
	if (c->authorities != NULL)
		gnutls_x509_trust_list_deinit(c->authorities, 1);
}

/* False: none is there, or one cannot be read. */
static bool
take_chain(void *session, struct chain *c)
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

const struct tlsa *
trust_by_records(void *session, const struct trust_by *by,
    const struct tlsa **about, struct doubt *d)
{
	struct chain c = {.by = by};
	const struct tlsa *met = NULL;

	*about = NULL;
	*d = (struct doubt){.remedy = ""};
	if (!take_chain(session, &c)) {
		object(d, "it cannot be read");
		release(&c);
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
	release(&c);
	return met;
}
