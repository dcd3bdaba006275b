/* SPDX-License-Identifier: ISC */
/* Questions to name servers, by the resolver of the C library. */
#include "delivery/dns.h"

#include "base/clock.h"
#include "base/text.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

/* How far the waiting for each answer may go, so that all is done in time. */
static void
set_patience(struct __res_state *state, int64_t end_ms)
{
	int64_t left = (end_ms - clock_monotonic_ms()) / 1000;

	/* At most three servers are asked retry times, the second time for
	 * twice as long: five times retrans in all. */
	state->retrans = left / 6 < 1 ? 1 : left / 6 > 5 ? 5 : (int)(left / 6);
	state->retry = left < 5 ? 1 : 2;
	/* Not by TCP, for which the resolver has no limit of time. */
	state->options |= RES_IGNTC | RES_USE_EDNS0;
	state->options &= ~(unsigned long)RES_USEVC;
}

/* A C library without the option passes the bit on from whoever has set it. */
#ifndef RES_TRUSTAD
#define RES_TRUSTAD 0
#endif

static enum dns_proof
proof_of(const struct __res_state *state, const HEADER *head)
{
	if ((state->options & RES_TRUSTAD) == 0)
		return DNS_UNTRUSTED;
	return head->ad ? DNS_PROVED : DNS_UNPROVED;
}

bool
dns_is_trusted(void)
{
	struct __res_state state = {0};
	bool is;

	if (res_ninit(&state) != 0)
		return false;
	is = (state.options & RES_TRUSTAD) != 0;
	res_nclose(&state);
	return is;
}

int
dns_ask(const char *name, enum dns_type type, int64_t end_ms,
    struct dns_answer *to, struct error *err)
{
	const HEADER *head = (const void *)to->octets;
	struct __res_state state = {0};
	int len, why;

	*to = (struct dns_answer){.whole = true};
	if (res_ninit(&state) != 0)
		return error_set(err, ERR_TEMPORARY, "no resolver");
	set_patience(&state, end_ms);
	len = res_nquery(&state, name, ns_c_in, (int)type, to->octets,
	    (int)sizeof to->octets);
	why = state.res_h_errno;
	to->proof = proof_of(&state, head);
	/* Where nothing came it is all zeros. Who left all out says "no data".
	 */
	to->whole = head->tc == 0;
	res_nclose(&state);
	if (len < 0 && why != HOST_NOT_FOUND && why != NO_DATA)
		return error_set(err, ERR_TEMPORARY,
		    "no answer from a name server about %s; is the network up?",
		    name);
	if (len > 0)
		to->len = (size_t)len < sizeof to->octets ? (size_t)len
							  : sizeof to->octets;
	return 0;
}

int
dns_records(const unsigned char *answer, size_t len, enum dns_type type,
    struct span data[], size_t max)
{
	ns_msg message;
	size_t n = 0;

	if (len > DNS_ANSWER_MAX ||
	    ns_initparse(answer, (int)len, &message) != 0 ||
	    ns_msg_getflag(message, ns_f_qr) != 1)
		return -1;
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		ns_rr rr;

		if (ns_parserr(&message, ns_s_an, i, &rr) != 0)
			return -1;
		if (n < max && (int)ns_rr_type(rr) == (int)type &&
		    ns_rr_class(rr) == ns_c_in)
			data[n++] = span(
			    (const char *)ns_rr_rdata(rr), ns_rr_rdlen(rr));
	}
	return (int)n;
}

bool
dns_name(const unsigned char *answer, size_t len, struct span data, size_t n,
    char *to, size_t size)
{
	char name[NS_MAXDNAME];

	if (n >= data.len ||
	    ns_name_uncompress(answer, answer + len,
		(const unsigned char *)data.at + n, name, sizeof name) < 0)
		return false;
	if (strcmp(name, ".") == 0)
		name[0] = '\0';
	return text_copy(to, size, span_of(name));
}
