/* SPDX-License-Identifier: ISC */
/* Alerts of TLS, by GnuTLS. */
#include "delivery/alert.h"

#include <gnutls/gnutls.h>
#include <stddef.h>

static const struct {
	gnutls_alert_description_t number;
	const char *name;
} names[] = {
    {GNUTLS_A_HANDSHAKE_FAILURE, "handshake_failure"},
    {GNUTLS_A_BAD_CERTIFICATE, "bad_certificate"},
    {GNUTLS_A_UNSUPPORTED_CERTIFICATE, "unsupported_certificate"},
    {GNUTLS_A_CERTIFICATE_REVOKED, "certificate_revoked"},
    {GNUTLS_A_CERTIFICATE_EXPIRED, "certificate_expired"},
    {GNUTLS_A_CERTIFICATE_UNKNOWN, "certificate_unknown"},
    {GNUTLS_A_UNKNOWN_CA, "unknown_ca"},
    {GNUTLS_A_ACCESS_DENIED, "access_denied"},
    {GNUTLS_A_CERTIFICATE_REQUIRED, "certificate_required"},
};

void
alert_note(struct alert *a, void *session)
{
	gnutls_alert_description_t last = gnutls_alert_get(session);

	a->asked = gnutls_certificate_client_get_request_status(session) > 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].number == last)
			a->name = names[i].name;
}
