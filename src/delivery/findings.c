/* SPDX-License-Identifier: ISC */
/* What is found out about a relay. */
#include "delivery/findings.h"

#include "base/text.h"
#include "delivery/stream_state.h"

#include <string.h>

void
findings_init(struct findings *f)
{
	*f = (struct findings){0};
	buf_init(&f->before, REPLY_MAX);
	buf_init(&f->offered, REPLY_MAX);
	buf_init(&f->away, REPLY_MAX);
}

void
findings_release(struct findings *f)
{
	buf_release(&f->before);
	buf_release(&f->offered);
	buf_release(&f->away);
}

void
findings_begin(struct findings *f, struct stream *s)
{
	f->target = *s->target;
	f->lasting = false;
	buf_clear(&f->before);
	buf_clear(&f->offered);
	s->greeting.heard[0] = &f->before;
	s->greeting.heard[1] = &f->offered;
}

void
findings_away(struct findings *f, const struct error *why)
{
	buf_add_text(&f->away, why->text);
	buf_add_byte(&f->away, '\n');
}

/* Of one certificate libcurl has a list of "NAME:VALUE", with all of it last.
 */
static bool
take_certificate(const struct curl_slist *fields, struct certificate *c)
{
	static const char name[] = "Cert:";

	for (; fields != NULL; fields = fields->next)
		if (strncmp(fields->data, name, sizeof name - 1) == 0)
			return trust_read(fields->data + sizeof name - 1, c);
	return false;
}

static void
take_chain(struct findings *f, CURL *curl)
{
	struct curl_certinfo *info = NULL;

	f->chain_count = 0;
	curl_easy_getinfo(curl, CURLINFO_CERTINFO, &info);
	for (int i = 0; info != NULL && i < info->num_of_certs; i++)
		if (f->chain_count < CHAIN_MAX &&
		    take_certificate(
			info->certinfo[i], &f->chain[f->chain_count]))
			f->chain_count++;
}

void
findings_end(struct findings *f, struct stream *s)
{
	curl_off_t named = 0, reached = 0;
	char *address = NULL;

	curl_easy_getinfo(s->curl, CURLINFO_PRIMARY_IP, &address);
	text_copy(f->address, sizeof f->address,
	    span_of(address != NULL ? address : ""));
	curl_easy_getinfo(s->curl, CURLINFO_NAMELOOKUP_TIME_T, &named);
	curl_easy_getinfo(s->curl, CURLINFO_CONNECT_TIME_T, &reached);
	f->connect_us = 0;
	if (reached > named && s->options->relay->proxy == NULL)
		f->connect_us = reached - named;
	text_copy(f->tls, sizeof f->tls, span_of(s->tls));
	text_copy(f->mechanisms, sizeof f->mechanisms,
	    span_of(s->greeting.caps.mechanisms));
	take_chain(f, s->curl);
	f->dane[0] = '\0';
	if (s->dane != NULL)
		dane_text(s->dane, f->dane);
	s->greeting.heard[0] = s->greeting.heard[1] = NULL;
}
