/* SPDX-License-Identifier: ISC */
/* With whom a stream speaks, as libcurl has it. */
#include "delivery/peer.h"

#include "base/text.h"
#include "delivery/stream_state.h"

#include <stdio.h>

/* The host of smtp://HOST:PORT/NAME; an IPv6 address without its brackets. */
static struct span
host_of(const char *url)
{
	struct span rest = span_of(url), host = rest;
	const char *mark = strstr(url, "://");

	if (mark != NULL)
		rest = span_of(mark + 3);
	if (span_starts(rest, "[")) {
		rest = span_from(rest, 1);
		span_cut(&rest, ']', &host);
		return host;
	}
	return span(rest.at, strcspn(rest.at, ":/"));
}

void
peer_of_stream(const struct stream *s, struct peer *p)
{
	char *url = NULL, *address = NULL;
	struct span host, tls = span_of(s->tls), version = tls;
	long port = 0;

	curl_easy_getinfo(s->curl, CURLINFO_EFFECTIVE_URL, &url);
	curl_easy_getinfo(s->curl, CURLINFO_PRIMARY_IP, &address);
	curl_easy_getinfo(s->curl, CURLINFO_PRIMARY_PORT, &port);
	host = host_of(url != NULL ? url : "");
	snprintf(p->where, sizeof p->where, "%.*s[%s]:%ld", SPAN_ARG(host),
	    address != NULL ? address : "", port);
	/* The cipher stands behind it. */
	span_cut(&tls, ' ', &version);
	text_copy_printable(
	    p->tls, sizeof p->tls, version.len > 0 ? version : span_of("none"));
}

/* The first of its hosts stands for all. */
void
peer_of_relay(const struct relay *r, struct peer *p)
{
	const char *host = r->srv != NULL ? r->srv : r->hosts[0];

	if (r->srv != NULL || host[0] == '/')
		snprintf(p->where, sizeof p->where, "%s", host);
	else
		snprintf(p->where, sizeof p->where, "%s:%u", host,
		    (unsigned)r->port);
	snprintf(p->tls, sizeof p->tls, "none");
}
