/* SPDX-License-Identifier: ISC */
/* What a name server answers when it is asked for TLSA records. */
#include "strict.h"

#include "delivery/dns.h"
#include "delivery/tlsa.h"
#include "target.h"

#include <string.h>

static bool
is_known(const struct tlsa *r)
{
	static const size_t sizes[] = {0, 32, 64};

	return r->usage <= TLSA_DANE_EE && r->selector <= TLSA_KEY &&
	       r->matching <= TLSA_SHA512 && r->data.len > 0 &&
	       (r->matching == TLSA_FULL || r->data.len == sizes[r->matching]);
}

static bool
is_inside(struct span part, struct span input)
{
	return part.at >= input.at && part.len <= input.len &&
	       part.at - input.at <= (ptrdiff_t)(input.len - part.len);
}

static void
check_record(const struct tlsa *r, struct span input)
{
	char text[TLSA_TEXT_SIZE];
	size_t len;

	strict_must(is_known(r), "a record of no known kind", input);
	strict_must(is_inside(r->data, input), "data of nobody", input);
	memset(text, 'x', sizeof text);
	tlsa_text(r, text);
	len = strnlen(text, sizeof text);
	strict_must(len < sizeof text && len >= strlen("3 1 1 00") &&
			strspn(text, "0123456789abcdef .") == len,
	    "a text that is none", input);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span((const char *)data, size);
	struct span found[TLSA_RECORDS_MAX];
	struct tlsa records[TLSA_RECORDS_MAX];
	int n = dns_records(data, size, DNS_TLSA, found, TLSA_RECORDS_MAX);
	size_t kept;

	strict_must(
	    n <= TLSA_RECORDS_MAX, "more than there is room for", input);
	if (n < 0)
		return 0;
	kept = tlsa_read(found, (size_t)n, records);
	strict_must(kept <= (size_t)n, "more than there are", input);
	for (size_t i = 0; i < kept; i++)
		check_record(&records[i], input);
	return 0;
}
