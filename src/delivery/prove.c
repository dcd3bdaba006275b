/* SPDX-License-Identifier: ISC */
/* Is the server the one that TLS shall prove? */
#include "delivery/stream_state.h"

#include <string.h>

static bool
is_pinned(struct stream *s, void *session)
{
	char *const *pins = s->options->relay->tls_pins;

	if (pins == NULL || pins[0] == NULL)
		return true;
	if (!trust_key(session, s->pin)) {
		s->doubt = (struct doubt){
		    .why = "its public key cannot be read", .remedy = ""};
		return false;
	}
	for (size_t i = 0; pins[i] != NULL; i++)
		if (strcmp(pins[i], s->pin) == 0) {
			s->pin[0] = '\0';
			return true;
		}
	return false;
}

bool
stream_prove(struct stream *s)
{
	const struct relay *relay = s->options->relay;
	struct curl_tlssessioninfo *info = NULL;

	if (s->target->tls == TLS_NONE)
		return true;
	if (curl_easy_getinfo(s->curl, CURLINFO_TLS_SSL_PTR, &info) !=
		CURLE_OK ||
	    info == NULL ||
	    !trust_describe(info->internals, s->tls, sizeof s->tls)) {
		s->doubt = (struct doubt){.why = "it came without TLS 1.2",
		    .remedy = "is anything between this host and the relay?"};
		return false;
	}
	trust_forget_key(info->internals, s->key_password);
	binding_take(&s->binding, info->internals);
	if (relay->tls_crl_file != NULL &&
	    !trust_check_crl(relay->tls_crl_file, &s->doubt))
		return false;
	if (!relay->tls_pin_only && !trust_check(info->internals, &s->doubt))
		return false;
	return is_pinned(s, info->internals);
}
