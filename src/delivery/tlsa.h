/* SPDX-License-Identifier: ISC */
/* TLSA records (RFC 6698 2), by which a domain says what its servers have. */
#ifndef DELIVERY_TLSA_H
#define DELIVERY_TLSA_H

#include "base/span.h"

#include <stdint.h>

/* So many records of one answer are looked at: two of each kind are many. */
#define TLSA_RECORDS_MAX 32

/* RFC 7218 2. */
enum { TLSA_PKIX_TA, TLSA_PKIX_EE, TLSA_DANE_TA, TLSA_DANE_EE };
enum { TLSA_CERTIFICATE, TLSA_KEY };
enum { TLSA_FULL, TLSA_SHA256, TLSA_SHA512 };

struct tlsa {
	uint8_t usage;
	uint8_t selector;
	uint8_t matching;
	struct span data; /* in the answer that it was read from */
};

/*
 * Of the data of n records those that can be used: of known numbers, whose data
 * is as long as these say, and that no record of the same usage and selector
 * has a stronger digest than (RFC 7671 9). Their number.
 */
size_t tlsa_read(
    const struct span data[], size_t n, struct tlsa records[TLSA_RECORDS_MAX]);

/* "3 1 1 0123...", as in a zone; long data is cut. */
#define TLSA_TEXT_SIZE 80
void tlsa_text(const struct tlsa *r, char to[TLSA_TEXT_SIZE]);

#endif
