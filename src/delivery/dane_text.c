/* SPDX-License-Identifier: ISC */
/* What is said of TLSA records. */
#include "delivery/dane.h"

#include "base/text.h"

#include <stdio.h>

/* So many are named; a domain in good order has no more. */
#define NAMED_MAX 4

size_t
dane_list(const struct dane *d, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++) {
		char record[TLSA_TEXT_SIZE];

		if (i == NAMED_MAX || n + sizeof record + 8 > size)
			return n + (size_t)snprintf(to + n, size - n, ", ...");
		tlsa_text(&d->records[i], record);
		n += (size_t)snprintf(
		    to + n, size - n, "%s%s", i > 0 ? ", " : "", record);
	}
	return n;
}

void
dane_text(const struct dane *d, char to[DANE_TEXT_SIZE])
{
	static const char *const texts[][2] = {
	    [RECORDS_NONE] = {"there is no TLSA record at ", ""},
	    [RECORDS_UNPROVED] = {"the TLSA records at ",
		" do not count: DNSSEC does not prove them, or the name "
		"servers of this host do not ask it"},
	    [RECORDS_UNTRUSTED] = {"the TLSA records at ",
		" do not count: /etc/resolv.conf says no \"options trust-ad\", "
		"as it may where name servers and the way to them are trusted"},
	    [RECORDS_UNUSABLE] = {"no TLSA record at ",
		" is of a kind that can be used"},
	    [RECORDS_ASTRAY] = {"TLSA records at ",
		" would not count: the SRV records that lead there are not "
		"proved by DNSSEC"},
	};
	char record[TLSA_TEXT_SIZE];
	int n;

	to[0] = '\0';
	if (d->state == RECORDS_UNKNOWN)
		return;
	if (d->state != RECORDS_USED) {
		snprintf(to, DANE_TEXT_SIZE, "%s%s%s", texts[d->state][0],
		    d->name, texts[d->state][1]);
		return;
	}
	n = snprintf(to, DANE_TEXT_SIZE, "%s IN TLSA ", d->name);
	if (d->met == NULL) {
		dane_list(d, to + n, DANE_TEXT_SIZE - (size_t)n);
		return;
	}
	tlsa_text(d->met, record);
	snprintf(to + n, DANE_TEXT_SIZE - (size_t)n, "%s proves it", record);
}

void
dane_object(const struct dane *d, struct doubt *doubt)
{
	char record[TLSA_TEXT_SIZE], why[sizeof doubt->why];

	if (doubt->why[0] == '\0') {
		snprintf(doubt->why, sizeof doubt->why,
		    "no TLSA record of the host is about it");
		return;
	}
	if (d->about == NULL)
		return;
	text_copy(why, sizeof why, span_of(doubt->why));
	tlsa_text(d->about, record);
	/* Words of ours and of GnuTLS, none longer than this. */
	snprintf(doubt->why, sizeof doubt->why,
	    "TLSA %s would prove it, but: %.140s", record, why);
}
