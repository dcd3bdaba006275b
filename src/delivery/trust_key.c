/* SPDX-License-Identifier: ISC */
/* Public keys, as pins have them. */
#include "delivery/trust.h"

#include "base/text.h"
#include "message/base64.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#define SHA256_SIZE 32

static bool
write_pin(const gnutls_datum_t *der, char to[PIN_SIZE])
{
	unsigned char sum[SHA256_SIZE];
	struct buf text;
	bool fits;

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, der->data, der->size, sum) != 0)
		return false;
	buf_init(&text, PIN_SIZE);
	buf_add_text(&text, "sha256//");
	base64_add(span((const char *)sum, sizeof sum), &text);
	fits = text_copy(to, PIN_SIZE, buf_span(&text));
	buf_release(&text);
	return fits;
}

static bool
pin_of(gnutls_x509_crt_t one, char to[PIN_SIZE])
{
	gnutls_datum_t der = {0};
	gnutls_pubkey_t key;
	bool done = false;

	if (gnutls_pubkey_init(&key) < 0)
		return false;
	if (gnutls_pubkey_import_x509(key, one, 0) == 0 &&
	    gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) == 0)
		done = write_pin(&der, to);
	gnutls_free(der.data);
	gnutls_pubkey_deinit(key);
	return done;
}

bool
trust_key(void *session, char to[PIN_SIZE])
{
	unsigned count = 0;
	const gnutls_datum_t *list =
	    gnutls_certificate_get_peers(session, &count);
	gnutls_x509_crt_t one;
	bool done = false;

	to[0] = '\0';
	if (count == 0 || gnutls_x509_crt_init(&one) < 0)
		return false;
	if (gnutls_x509_crt_import(one, list, GNUTLS_X509_FMT_DER) == 0)
		done = pin_of(one, to);
	gnutls_x509_crt_deinit(one);
	return done;
}
