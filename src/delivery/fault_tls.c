/* SPDX-License-Identifier: ISC */
/* What goes wrong with TLS, but for who the server is. */
#include "delivery/fault_tls.h"

#include <string.h>

int
fault_ca_file(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_CONFIG,
	    "cannot read the certificates to trust (%s)",
	    f->relay->tls_ca_file ? f->relay->tls_ca_file : "the system's");
}

int
fault_crl_file(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_CONFIG,
	    "cannot read the list of revoked certificates (tls-crl-file %s)",
	    f->relay->tls_crl_file ? f->relay->tls_crl_file : "");
}

bool
fault_is_own_key(const char *message)
{
	return span_starts(span_of(message), "error reading X.509");
}

static int
own_key(const struct fault *f, struct error *err)
{
	const char *key =
	    f->relay->tls_key ? f->relay->tls_key : f->relay->tls_certificate;

	return error_set(err, ERR_CONFIG,
	    "cannot use tls-certificate and tls-key: %s; are certificate, key "
	    "%s and password right?",
	    f->message, key ? key : "");
}

int
fault_handshake(const struct fault *f, struct error *err)
{
	if (fault_is_own_key(f->message))
		return own_key(f, err);
	return error_set(err, ERR_TEMPORARY,
	    "TLS with %s port %u failed: %s; is tls = %s right for this "
	    "port%s?",
	    f->target->host, (unsigned)f->target->port, f->message,
	    f->target->tls == TLS_IMPLICIT ? "implicit" : "starttls",
	    f->relay->tls_1_3 ? ", and does it know TLS 1.3" : "");
}

/* By TLS 1.3 a server says only after the handshake what it thinks of our
 * certificate, and all that libcurl tells is that it was an alert. */
const char *
fault_certificate_wanted(const struct fault *f)
{
	const struct greeting *g = f->greeting;

	if (g->ehlo_count >= g->ehlo_wanted ||
	    strstr(f->message, "alert") == NULL)
		return "";
	return f->relay->tls_certificate != NULL
		   ? "; is this tls-certificate one that it knows?"
		   : "; does it want a tls-certificate of this host?";
}
