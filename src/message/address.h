/* SPDX-License-Identifier: ISC */
/*
 * Addresses: lists of mailboxes and groups as header fields and callers write
 * them (RFC 5322 3.4 and 4.4), and what may stand in an envelope (RFC 5321).
 * The one place that decides whether a byte may reach a MAIL or RCPT command.
 */
#ifndef MESSAGE_ADDRESS_H
#define MESSAGE_ADDRESS_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* Addresses in envelope form: local-part@domain, or a bare local name. */
struct address_list {
	char **at;
	size_t count;
};

/* Frees all of it; the list is empty and may be used again. */
void address_list_release(struct address_list *list);

/*
 * Appends every mailbox of text, a comma-separated list that may be folded
 * and have comments, display names, groups and source routes; these are
 * stripped, the local part is quoted only where it must be, and a domain
 * beyond ASCII is given as "xn--...". Each address has passed
 * address_check(). An empty list is fine.
 * Failure is ERR_RECIPIENT, saying which part; list is then unchanged.
 */
int address_parse_list(
    struct span text, struct address_list *list, struct error *err);

/*
 * Parses what must be exactly one mailbox, "<>" or the empty string; these
 * two give "", the null sender. The result is the caller's to free.
 */
int address_parse_one(struct span text, char **address, struct error *err);

/*
 * May address stand in an envelope? No controls, no 8-bit bytes that are not
 * part of a name, local part at most 64 and domain at most 255 octets (RFC
 * 5321 4.5.3.1), domain a name or a literal. The null sender is not for here.
 * Also asked before an address from a queue file is sent.
 */
int address_check(struct span address, struct error *err);

/* The same, but whether bytes beyond ASCII are UTF-8 is not looked at. */
int address_check_form(struct span address, struct error *err);

/* local@domain in envelope form, local quoted where it must be; to be freed. */
char *address_join(const char *local, const char *domain);

/* address, with domain behind it if it has none; NULL: none either. To be
 * freed. */
char *address_qualify(const char *address, const char *domain);

/* Orders two addresses, for search.h: local parts may differ by case, domains
 * may not (RFC 5321 2.4). */
int address_compare(const void *one, const void *two);

/* Where the domain of address begins; its end when there is none. */
size_t address_domain(struct span address);

/* The same of a text: its domain, "" when there is none. */
static inline const char *
address_domain_of(const char *address)
{
	return address + address_domain(span_of(address));
}

/* Does address have bytes outside ASCII, so that SMTPUTF8 is needed? */
bool address_is_utf8(struct span address);

#endif
