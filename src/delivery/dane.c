/* SPDX-License-Identifier: ISC */
/* The TLSA records of a host. */
#include "delivery/dane.h"

#include "base/text.h"

#include <stdio.h>

static void
set_names(struct dane *d, const struct target *at)
{
	struct span host = span_of(at->host);

	if (host.len > 1 && host.at[host.len - 1] == '.')
		host.len--;
	text_copy(d->host, sizeof d->host, host);
	snprintf(d->name, sizeof d->name, "_%u._tcp.%s", (unsigned)at->port,
	    d->host);
}

static enum dane_state
judge(struct dane *d, const struct span data[], size_t n)
{
	if (n == 0)
		return RECORDS_NONE;
	if (d->answer.proof == DNS_UNTRUSTED)
		return RECORDS_UNTRUSTED;
	if (d->answer.proof != DNS_PROVED)
		return RECORDS_UNPROVED;
	d->count = tlsa_read(data, n, d->records);
	return d->count > 0 ? RECORDS_USED : RECORDS_UNUSABLE;
}

int
dane_ask(
    struct dane *d, const struct target *at, int64_t end_ms, struct error *err)
{
	struct span data[TLSA_RECORDS_MAX];
	int n = 0;

	*d = (struct dane){0};
	set_names(d, at);
	if (!at->proved) {
		d->state = RECORDS_ASTRAY;
		return 0;
	}
	if (dns_ask(d->name, DNS_TLSA, end_ms, &d->answer, err) != 0)
		return error_append(err,
		    " (Or its DNSSEC is broken; with tls-dane nothing is sent "
		    "to %s before it answers.)",
		    d->host);
	if (!d->answer.whole)
		return error_set(err, ERR_TEMPORARY,
		    "what a name server answers about %s is too long for UDP; "
		    "nothing was sent; whoever runs the relay should publish "
		    "digests (3 1 1) instead of whole certificates",
		    d->name);
	if (d->answer.len > 0)
		n = dns_records(d->answer.octets, d->answer.len, DNS_TLSA, data,
		    TLSA_RECORDS_MAX);
	if (n < 0)
		return error_set(err, ERR_TEMPORARY,
		    "what a name server answers about %s makes no sense; "
		    "nothing was sent",
		    d->name);
	d->state = judge(d, data, (size_t)n);
	return 0;
}
