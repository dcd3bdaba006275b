/* SPDX-License-Identifier: ISC */
/* What TLS has proved. */
#include "delivery/trust.h"

#include <gnutls/gnutls.h>
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
