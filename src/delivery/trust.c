/* SPDX-License-Identifier: ISC */
/* What TLS has proved. */
#include "delivery/trust.h"

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

unsigned
trust_purpose(void *session)
{
	unsigned count = 0, status = GNUTLS_CERT_PURPOSE_MISMATCH;
	const gnutls_datum_t *list =
	    gnutls_certificate_get_peers(session, &count);
	gnutls_x509_crt_t own;

	if (count == 0 || gnutls_x509_crt_init(&own) < 0)
		return status;
	if (gnutls_x509_crt_import(own, list, GNUTLS_X509_FMT_DER) == 0 &&
	    gnutls_x509_crt_check_key_purpose(
		own, GNUTLS_KP_TLS_WWW_SERVER, 0) != 0)
		status = 0;
	gnutls_x509_crt_deinit(own);
	return status;
}

void
trust_explain(unsigned status, char *to, size_t size)
{
	/* What every answer begins with; that much is known by now. */
	static const char known[] = "The certificate is NOT trusted.";
	gnutls_datum_t text = {0};
	struct span words;

	to[0] = '\0';
	if (status == 0 || gnutls_certificate_verification_status_print(
			       status, GNUTLS_CRT_X509, &text, 0) < 0)
		return;
	words = span((const char *)text.data, text.size);
	if (span_starts(words, known))
		words = span_from(words, sizeof known - 1);
	words = span_trim(words);
	if (words.len > 0 && words.at[words.len - 1] == '.')
		words.len--;
	text_copy_printable(to, size, words);
	gnutls_free(text.data);
}
