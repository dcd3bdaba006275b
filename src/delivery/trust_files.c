/* SPDX-License-Identifier: ISC */
/* Files of certificates. */
#include "delivery/trust_files.h"

#include "delivery/trust.h"

#include <gnutls/gnutls.h>

typedef int reader(gnutls_certificate_credentials_t to, const char *file,
    gnutls_x509_crt_fmt_t);

/* Readers say how many they have found. */
static int
check_list(
    const char *setting, const char *file, reader *read_it, struct error *err)
{
	gnutls_certificate_credentials_t to;
	int rc;

	if (file == NULL || gnutls_certificate_allocate_credentials(&to) != 0)
		return 0;
	rc = read_it(to, file, GNUTLS_X509_FMT_PEM);
	gnutls_certificate_free_credentials(to);
	if (rc > 0)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "%s %s: nothing in PEM that can be "
	    "used%s%s",
	    setting, file, rc < 0 ? ": " : "",
	    rc < 0 ? gnutls_strerror(rc) : "");
}

static int
check_own(const struct relay *r, const char *password, struct error *err)
{
	const char *key = r->tls_key ? r->tls_key : r->tls_certificate;
	gnutls_certificate_credentials_t to;
	int rc;

	if (r->tls_certificate == NULL || r->tls_certificate[0] != '/' ||
	    key[0] != '/' || password == NULL ||
	    gnutls_certificate_allocate_credentials(&to) != 0)
		return 0;
	rc = gnutls_certificate_set_x509_key_file2(to, r->tls_certificate, key,
	    GNUTLS_X509_FMT_PEM, password[0] != '\0' ? password : NULL, 0);
	gnutls_certificate_free_credentials(to);
	if (rc >= 0)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "cannot use tls-certificate %s with the key in %s: %s; are "
	    "certificate, key and password right?",
	    r->tls_certificate, key, gnutls_strerror(rc));
}

static int
check_time(const char *file, struct error *err)
{
	struct doubt doubt;

	if (file == NULL || trust_check_crl(file, &doubt))
		return 0;
	return error_set(err, ERR_CONFIG, "tls-crl-file %s: %s; %s", file,
	    doubt.why, doubt.remedy);
}

int
trust_check_files(
    const struct relay *relay, const char *password, struct error *err)
{
	const char *endpoint = relay->oauth ? relay->oauth->ca_file : NULL;

	if (check_list("tls-ca-file", relay->tls_ca_file,
		gnutls_certificate_set_x509_trust_file, err) != 0 ||
	    check_list("ca-file", endpoint,
		gnutls_certificate_set_x509_trust_file, err) != 0 ||
	    check_list("tls-crl-file", relay->tls_crl_file,
		gnutls_certificate_set_x509_crl_file, err) != 0)
		return -1;
	return check_time(relay->tls_crl_file, err) != 0
		   ? -1
		   : check_own(relay, password, err);
}
