/* SPDX-License-Identifier: ISC */
/* What TLS has proved. */
#include "delivery/trust.h"

#include "base/limits.h"
#include "base/text.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>

bool
trust_describe(void *session, char *to, size_t size)
{
	gnutls_protocol_t version;

	to[0] = '\0';
	if (session == NULL)
		return false;
	version = gnutls_protocol_get_version(session);
	if (version < GNUTLS_TLS1_2 || version > GNUTLS_TLS_VERSION_MAX)
		return false;
	snprintf(to, size, "%s %s", gnutls_protocol_get_name(version),
	    gnutls_cipher_get_name(gnutls_cipher_get(session)));
	return true;
}

/* The first of these bits that is set tells most. */
static const struct {
	unsigned bit;
	const char *remedy;
} remedies[] = {
    {GNUTLS_CERT_REVOKED, "ask whoever runs the relay"},
    {GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, "fetch tls-crl-file anew"},
    {GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, "is the clock right?"},
    {GNUTLS_CERT_EXPIRED,
	"is the clock right? else whoever runs the relay must renew it"},
    {GNUTLS_CERT_NOT_ACTIVATED, "is the clock right?"},
    {GNUTLS_CERT_INSECURE_ALGORITHM,
	"whoever runs the relay needs one with a stronger key and signature"},
    {GNUTLS_CERT_PURPOSE_MISMATCH,
	"whoever runs the relay needs one for servers"},
    {GNUTLS_CERT_SIGNER_NOT_FOUND,
	"check host, or name the relay's own CA in tls-ca-file"},
};

void
trust_explain(unsigned status, struct doubt *d)
{
	/* What every answer begins with; that much is known by now. */
	static const char known[] = "The certificate is NOT trusted.";
	gnutls_datum_t text = {0};
	struct span words;

	d->why[0] = '\0';
	d->remedy = "check host, or name the relay's own CA in tls-ca-file";
	if (status == 0 || gnutls_certificate_verification_status_print(
			       status, GNUTLS_CRT_X509, &text, 0) < 0)
		return;
	words = span((const char *)text.data, text.size);
	if (span_starts(words, known))
		words = span_from(words, sizeof known - 1);
	words = span_trim(words);
	if (words.len > 0 && words.at[words.len - 1] == '.')
		words.len--;
	text_copy_printable(d->why, sizeof d->why, words);
	gnutls_free(text.data);
	for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++)
		if ((status & remedies[i].bit) != 0) {
			d->remedy = remedies[i].remedy;
			return;
		}
}

static bool
object(struct doubt *d, const char *why, const char *remedy)
{
	text_copy(d->why, sizeof d->why, span_of(why));
	d->remedy = remedy;
	return false;
}

/* Does it name hosts where names belong? GnuTLS looks at CN else. */
static bool
has_name(gnutls_x509_crt_t own)
{
	char name[HOST_NAME_SIZE];
	int kind;

	for (unsigned i = 0;; i++) {
		size_t size = sizeof name;

		kind = gnutls_x509_crt_get_subject_alt_name(
		    own, i, name, &size, NULL);
		if (kind == GNUTLS_SAN_DNSNAME || kind == GNUTLS_SAN_IPADDRESS)
			return true;
		if (kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER)
			return false;
	}
}

static bool
is_own_issuer(gnutls_x509_crt_t one)
{
	return gnutls_x509_crt_check_issuer(one, one) != 0;
}

/* Not for libcurl's GnuTLS to decide: what profile it is told is or-ed with
 * that of the system, which makes another one of both. */
static bool
has_strong_key(gnutls_x509_crt_t one)
{
	unsigned bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(one, &bits);

	return kind >= 0 &&
	       gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)kind, bits) >=
		   GNUTLS_SEC_PARAM_LEGACY;
}

/* What GnuTLS lets pass. The first one is the server's; an authority's own is
 * trusted for what it is, or not needed. */
bool
trust_is_strict(void *certificate, bool first, struct doubt *d)
{
	gnutls_x509_crt_t one = certificate;
	bool anchor = is_own_issuer(one);

	if ((first || !anchor) && !has_strong_key(one))
		return object(d, "its key, or its issuer's, is too weak",
		    "whoever runs the relay needs one with a stronger key");
	if (first && !has_name(one))
		return object(d,
		    "it names the host in CN only, which no longer counts",
		    "whoever runs the relay needs one with a "
		    "subjectAltName");
	if (first && !anchor && gnutls_x509_crt_get_ca_status(one, NULL) > 0)
		return object(d, "it is an authority's, not a server's",
		    "whoever runs the relay needs one for servers");
	return true;
}

static bool
check_purpose(gnutls_session_t session, struct doubt *d)
{
	unsigned char server[] = GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st purpose = {
	    .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = server};
	unsigned status = 0;

	if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) != 0)
		return object(d, "it cannot be checked", "");
	trust_explain(status, d);
	return status == 0;
}

bool
trust_check(void *session, struct doubt *d)
{
	unsigned count = 0;
	const gnutls_datum_t *list =
	    gnutls_certificate_get_peers(session, &count);
	bool good = count > 0 ? check_purpose(session, d)
			      : object(d, "there is none", "");

	for (unsigned i = 0; good && i < count; i++) {
		gnutls_x509_crt_t one;

		if (gnutls_x509_crt_init(&one) < 0)
			return object(d, "it cannot be read", "");
		if (gnutls_x509_crt_import(
			one, &list[i], GNUTLS_X509_FMT_DER) != 0)
			good = object(d, "it cannot be read", "");
		else
			good = trust_is_strict(one, i == 0, d);
		gnutls_x509_crt_deinit(one);
	}
	return good;
}
