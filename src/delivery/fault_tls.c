/* SPDX-License-Identifier: ISC */
/* What goes wrong with TLS, but for who the server is. */
#include "delivery/fault_tls.h"

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
 * certificate, and may hang up without saying it. */
bool
fault_is_of_certificate(const struct fault *f)
{
	const struct greeting *g = f->greeting;

	return f->alert->asked && g->ehlo_count < g->ehlo_wanted &&
	       g->reply.code < 400 && !fault_is_own_key(f->message);
}

int
fault_own_certificate(const struct fault *f, struct error *err)
{
	const char *own = f->relay->tls_certificate;
	const char *why = f->alert->name;

	error_set(err, ERR_TEMPORARY,
	    "%s port %u ended TLS%s%s; it asks for a certificate of this host",
	    f->target->host, (unsigned)f->target->port,
	    why != NULL ? ": " : " without a word", why != NULL ? why : "");
	if (own == NULL)
		return error_append(
		    err, ", which has none: set tls-certificate and tls-key");
	return error_append(err,
	    "; is tls-certificate %s in time, and issued by an authority that "
	    "the relay trusts?",
	    own);
}
