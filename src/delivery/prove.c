/* SPDX-License-Identifier: ISC */
/* Is the server the one that TLS shall prove? */
#include "base/buf.h"
#include "delivery/fault_dane.h"
#include "delivery/findings.h"
#include "delivery/stream_state.h"
#include "delivery/trust_dane.h"

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

int
stream_ask_records(struct stream *s, struct error *err)
{
	const struct relay *relay = s->options->relay;
	char text[DANE_TEXT_SIZE];

	if (relay->dane == DANE_OFF || s->target->tls == TLS_NONE)
		return 0;
	s->dane = must_calloc(1, sizeof *s->dane);
	if (dane_ask(s->dane, s->target, s->began_ms + s->limit_ms, err) != 0)
		return 1;
	dane_text(s->dane, text);
	transcript_note(&s->transcript, span_of(text));
	if (relay->dane != DANE_REQUIRE || s->dane->state == RECORDS_USED)
		return 0;
	if (s->options->findings != NULL)
		s->options->findings->lasting = true;
	return fault_no_records(s->dane, err);
}

/* By what its TLSA records say, and no more than they ask for. */
static bool
is_recorded(struct stream *s, void *session)
{
	const struct relay *relay = s->options->relay;
	struct dane *d = s->dane;
	const struct trust_by by = {
	    .records = d->records,
	    .count = d->count,
	    .host = d->host,
	    .ca_file = relay->tls_ca_file,
	    .crl_file = relay->tls_crl_file,
	};
	bool known = d->met != NULL;
	char text[DANE_TEXT_SIZE];

	d->met = trust_by_records(session, &by, &d->about, &s->doubt);
	if (d->met == NULL) {
		trust_record(session, d->shown);
		dane_object(d, &s->doubt);
		return false;
	}
	dane_text(d, text);
	if (!known)
		transcript_note(&s->transcript, span_of(text));
	return d->met->usage == TLSA_DANE_EE || relay->tls_crl_file == NULL ||
	       trust_check_crl(relay->tls_crl_file, &s->doubt);
}

static bool
is_vouched_for(struct stream *s, void *session)
{
	const struct relay *relay = s->options->relay;

	if (s->dane != NULL && s->dane->state == RECORDS_USED)
		return is_recorded(s, session);
	if (relay->tls_crl_file != NULL &&
	    !trust_check_crl(relay->tls_crl_file, &s->doubt))
		return false;
	return relay->tls_pin_only || trust_check(session, &s->doubt);
}

bool
stream_prove(struct stream *s)
{
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
	return is_vouched_for(s, info->internals) &&
	       is_pinned(s, info->internals);
}
