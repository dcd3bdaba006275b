/* SPDX-License-Identifier: ISC */
/*
 * Who a host is by its TLSA records (DANE: RFC 6698, 7671, 7672, 7673). What
 * they say counts only if DNSSEC proves it, which the name servers of this host
 * see to, and resolv.conf(5) must say that these are trusted ("trust-ad").
 *
 * Its address need not be proved (as RFC 7672 2.2.1 has it of mail exchangers,
 * so as not to meet the name servers of all the world that fail at TLSA): a
 * relay was named by whoever asks for DANE, and wherever its address leads, the
 * server there has to be what the records say. Nor are they looked for at a
 * name that its own is an alias of (RFC 7671 7): the configuration can have it.
 */
#ifndef DELIVERY_DANE_H
#define DELIVERY_DANE_H

#include "base/error.h"
#include "base/limits.h"
#include "delivery/dns.h"
#include "delivery/target.h"
#include "delivery/tlsa.h"
#include "delivery/trust.h"

enum dane_state {
	RECORDS_UNKNOWN,   /* not asked for, or nobody answers */
	RECORDS_NONE,      /* there are none */
	RECORDS_UNPROVED,  /* there are, but not proved */
	RECORDS_UNTRUSTED, /* the name servers may say what they like */
	RECORDS_UNUSABLE,  /* of kinds that nobody knows (RFC 6698 4.1) */
	RECORDS_ASTRAY,    /* the SRV records that led there are not proved */
	RECORDS_USED,      /* they decide */
};

struct dane {
	enum dane_state state;
	char host[HOST_NAME_SIZE];      /* without a dot behind it */
	char name[HOST_NAME_SIZE + 16]; /* "_465._tcp.HOST" */
	struct dns_answer answer;
	struct tlsa records[TLSA_RECORDS_MAX];
	size_t count;               /* of those that can be used */
	const struct tlsa *met;     /* that which proves the server, or NULL */
	const struct tlsa *about;   /* one that should, or NULL */
	char shown[TLSA_TEXT_SIZE]; /* what the server's would be, if none */
};

/*
 * Asks for the records of a target, done as dns_ask(). -1, ERR_TEMPORARY: there
 * may be some, so nothing is sent.
 */
int dane_ask(
    struct dane *d, const struct target *at, int64_t end_ms, struct error *err);

/* Those that decide, as many as fit: how long the text is. */
size_t dane_list(const struct dane *d, char *to, size_t size);

/* What they are, or which of them proves the server, in one line; empty: not
 * known. */
#define DANE_TEXT_SIZE 512
void dane_text(const struct dane *d, char to[DANE_TEXT_SIZE]);

/* No record proves the server: says which one should, and doubt why not. */
void dane_object(const struct dane *d, struct doubt *doubt);

#endif
