/* SPDX-License-Identifier: ISC */
/* TLSA records. */
#include "delivery/tlsa.h"

#include <stdbool.h>
#include <stdio.h>

/* Usage, selector and matching type, an octet each. */
#define FIXED 3

static bool
read_one(struct span data, struct tlsa *to)
{
	static const size_t sizes[] = {[TLSA_SHA256] = 32, [TLSA_SHA512] = 64};
	const unsigned char *head = (const unsigned char *)data.at;

	if (data.len <= FIXED || head[0] > TLSA_DANE_EE || head[1] > TLSA_KEY ||
	    head[2] > TLSA_SHA512)
		return false;
	*to = (struct tlsa){.usage = head[0],
	    .selector = head[1],
	    .matching = head[2],
	    .data = span_from(data, FIXED)};
	return to->matching == TLSA_FULL || to->data.len == sizes[to->matching];
}

/* Whoever breaks SHA-256 could else choose it. */
static bool
is_outdone(const struct tlsa *r, const struct tlsa *all, size_t n)
{
	for (size_t i = 0; r->matching == TLSA_SHA256 && i < n; i++)
		if (all[i].usage == r->usage &&
		    all[i].selector == r->selector &&
		    all[i].matching == TLSA_SHA512)
			return true;
	return false;
}

size_t
tlsa_read(
    const struct span data[], size_t n, struct tlsa records[TLSA_RECORDS_MAX])
{
	size_t good = 0, kept = 0;

	for (size_t i = 0; i < n && good < TLSA_RECORDS_MAX; i++)
		if (read_one(data[i], &records[good]))
			good++;
	/* Who outdoes others is always kept, so it can be asked meanwhile. */
	for (size_t i = 0; i < good; i++)
		if (!is_outdone(&records[i], records, good))
			records[kept++] = records[i];
	return kept;
}

void
tlsa_text(const struct tlsa *r, char to[TLSA_TEXT_SIZE])
{
	int n = snprintf(to, TLSA_TEXT_SIZE, "%u %u %u ", r->usage, r->selector,
	    r->matching);

	for (size_t i = 0; i < r->data.len; i++) {
		/* The two digits, three dots, a NUL. */
		if (n + 6 > TLSA_TEXT_SIZE && i + 1 < r->data.len) {
			snprintf(to + n, TLSA_TEXT_SIZE - (size_t)n, "...");
			return;
		}
		n += snprintf(to + n, TLSA_TEXT_SIZE - (size_t)n, "%02x",
		    (unsigned char)r->data.at[i]);
	}
}
