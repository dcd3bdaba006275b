/* SPDX-License-Identifier: ISC */
/* Questions to the name servers of this host. The only user of libresolv. */
#ifndef DELIVERY_DNS_H
#define DELIVERY_DNS_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More does not come by UDP, and nothing else is asked. */
#define DNS_ANSWER_MAX 4096

/* RFC 1035, RFC 2782, RFC 6698 7.1. */
enum dns_type { DNS_SRV = 33, DNS_TLSA = 52 };

/* Is it known to be what the owner of the name says (DNSSEC)? */
enum dns_proof {
	DNS_UNTRUSTED, /* who knows? resolv.conf(5) does not say that the name
			  servers, and the way to them, are to be trusted */
	DNS_UNPROVED,  /* they say nothing of it */
	DNS_PROVED,    /* they say so: the AD bit (RFC 6840 5.8) */
};

struct dns_answer {
	unsigned char octets[DNS_ANSWER_MAX];
	size_t len; /* 0: there is no such name, or no such record */
	bool whole; /* nothing of it was left out */
	enum dns_proof proof;
};

/*
 * Asks for what name, which is a whole one, has of a type. Done by end_ms
 * (clock_monotonic_ms()) or some seconds after. -1, ERR_TEMPORARY: no answer,
 * or one that could not be proved though it should (RFC 4035 5.5).
 */
int dns_ask(const char *name, enum dns_type type, int64_t end_ms,
    struct dns_answer *to, struct error *err);

/* Does resolv.conf(5) say that name servers are trusted? */
bool dns_is_trusted(void);

/*
 * The data of its records of a type, at most max. Their number, or -1 when it
 * is no answer. They lie in the answer.
 */
int dns_records(const unsigned char *answer, size_t len, enum dns_type type,
    struct span data[], size_t max);

/* The name that stands n octets into the data of a record, without a dot
 * behind. False: it is none, or too long. */
bool dns_name(const unsigned char *answer, size_t len, struct span data,
    size_t n, char *to, size_t size);

#endif
