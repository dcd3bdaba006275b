/* SPDX-License-Identifier: ISC */
/* Which certificate a TLSA record is about (RFC 6698 2.1.2 and 2.1.3). */
#include "delivery/trust_dane.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#define SHA256_SIZE 32

static bool
is_sum(
    const gnutls_datum_t *der, gnutls_digest_algorithm_t kind, struct span want)
{
	unsigned char sum[64];

	return gnutls_hash_get_len(kind) == want.len &&
	       gnutls_hash_fast(kind, der->data, der->size, sum) == 0 &&
	       memcmp(sum, want.at, want.len) == 0;
}

static bool
is_data(const gnutls_datum_t *der, const struct tlsa *r)
{
	switch (r->matching) {
	case TLSA_FULL:
		return der->size == r->data.len &&
		       memcmp(der->data, r->data.at, r->data.len) == 0;
	case TLSA_SHA256:
		return is_sum(der, GNUTLS_DIG_SHA256, r->data);
	case TLSA_SHA512:
		return is_sum(der, GNUTLS_DIG_SHA512, r->data);
	default:
		return false;
	}
}

static int
export_key(gnutls_x509_crt_t one, gnutls_datum_t *der)
{
	gnutls_pubkey_t key;
	int rc = gnutls_pubkey_init(&key);

	if (rc < 0)
		return rc;
	rc = gnutls_pubkey_import_x509(key, one, 0);
	if (rc == 0)
		rc = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, der);
	gnutls_pubkey_deinit(key);
	return rc;
}

bool
trust_is_about(const struct tlsa *r, void *certificate)
{
	gnutls_x509_crt_t one = certificate;
	gnutls_datum_t der = {0};
	int rc = r->selector == TLSA_KEY
		     ? export_key(one, &der)
		     : gnutls_x509_crt_export2(one, GNUTLS_X509_FMT_DER, &der);
	bool is = rc == 0 && is_data(&der, r);

	gnutls_free(der.data);
	return is;
}

static bool
digest_key(gnutls_x509_crt_t one, unsigned char sum[SHA256_SIZE])
{
	gnutls_datum_t der = {0};
	bool done =
	    export_key(one, &der) == 0 &&
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, sum) == 0;

	gnutls_free(der.data);
	return done;
}

void
trust_record(void *session, char to[TLSA_TEXT_SIZE])
{
	unsigned char sum[SHA256_SIZE];
	const struct tlsa r = {.usage = TLSA_DANE_EE,
	    .selector = TLSA_KEY,
	    .matching = TLSA_SHA256,
	    .data = {(const char *)sum, sizeof sum}};
	unsigned count = 0;
	const gnutls_datum_t *list =
	    gnutls_certificate_get_peers(session, &count);
	gnutls_x509_crt_t one;

	to[0] = '\0';
	if (count == 0 || gnutls_x509_crt_init(&one) < 0)
		return;
	if (gnutls_x509_crt_import(one, list, GNUTLS_X509_FMT_DER) == 0 &&
	    digest_key(one, sum))
		tlsa_text(&r, to);
	gnutls_x509_crt_deinit(one);
}
