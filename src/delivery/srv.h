/* SPDX-License-Identifier: ISC */
/*
 * Where a domain has its submission servers: RFC 6186 and 8314, by SRV records
 * (RFC 2782).
 *
 * Whoever answers for the name servers may be anybody, so an answer decides
 * only which hosts of the domain itself are used; their certificates are for
 * these names. No password follows it elsewhere (RFC 6186 6).
 */
#ifndef DELIVERY_SRV_H
#define DELIVERY_SRV_H

#include "base/error.h"
#include "delivery/target.h"

#include <stdint.h>

/* So many records of one answer are looked at. */
#define SRV_RECORDS_MAX 64

struct srv_record {
	char host[HOST_NAME_SIZE]; /* "": there is none, on purpose */
	uint16_t priority;
	uint16_t weight;
	uint16_t port;
};

/*
 * The SRV records of an answer as it came, len octets. Their number, at most
 * SRV_RECORDS_MAX, or -1 when it is no answer; a record whose host can be no
 * host's name is left out.
 */
int srv_parse(const unsigned char *answer, size_t len,
    struct srv_record records[SRV_RECORDS_MAX]);

/*
 * Puts them in the order in which they are tried: by priority, within one by
 * chance and weight. chance() is any number.
 */
void srv_order(struct srv_record *records, size_t n, uint32_t (*chance)(void));

/*
 * The hosts for submission of a domain, by TLS from the first byte, or if it
 * has none of these by STARTTLS. Done by end_ms (clock_monotonic_ms()) or some
 * seconds after. ERR_TEMPORARY: no answer; ERR_CONFIG: there are none, or none
 * that belong to the domain.
 */
int srv_targets(
    const char *domain, int64_t end_ms, struct targets *to, struct error *err);

#endif
