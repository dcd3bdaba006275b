/* SPDX-License-Identifier: ISC */
/* What a login can be bound to, by GnuTLS. */
#include "delivery/binding.h"

#include <gnutls/gnutls.h>
#include <string.h>

static enum binding_kind
kind_of(gnutls_session_t session, gnutls_channel_binding_t *which)
{
#if GNUTLS_VERSION_NUMBER >= 0x030702
	*which = GNUTLS_CB_TLS_EXPORTER;
	if (gnutls_protocol_get_version(session) == GNUTLS_TLS1_3)
		return BINDING_EXPORTER;
#endif
	*which = GNUTLS_CB_TLS_UNIQUE;
	return gnutls_protocol_get_version(session) == GNUTLS_TLS1_2 &&
		       gnutls_session_ext_master_secret_status(session) != 0
		   ? BINDING_UNIQUE
		   : BINDING_NONE;
}

void
binding_take(struct binding *b, void *session)
{
	gnutls_channel_binding_t which;
	enum binding_kind kind = kind_of(session, &which);
	gnutls_datum_t data = {0};

	*b = (struct binding){0};
	if (kind == BINDING_NONE ||
	    gnutls_session_channel_binding(session, which, &data) != 0)
		return;
	if (data.size > 0 && data.size <= sizeof b->octets) {
		memcpy(b->octets, data.data, data.size);
		b->len = data.size;
		b->kind = kind;
	}
	gnutls_free(data.data);
}
