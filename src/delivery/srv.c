/* SPDX-License-Identifier: ISC */
/* SRV records, by the resolver of the C library. */
#include "delivery/srv.h"

#include "base/clock.h"
#include "base/text.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* More does not come by UDP, and nothing else is asked. */
#define ANSWER_MAX 4096

/* Priority, weight and port; then the host. */
#define RDATA_FIXED 6

/* What may stand in the URL for libcurl. */
static bool
is_host_name(const char *name)
{
	return strspn(name, "-._0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(name);
}

static bool
read_record(const ns_msg *message, const ns_rr *rr, struct srv_record *to)
{
	const unsigned char *data = ns_rr_rdata(*rr);
	char name[NS_MAXDNAME];

	if (ns_rr_type(*rr) != ns_t_srv || ns_rr_class(*rr) != ns_c_in ||
	    ns_rr_rdlen(*rr) <= RDATA_FIXED)
		return false;
	to->priority = (uint16_t)ns_get16(data);
	to->weight = (uint16_t)ns_get16(data + 2);
	to->port = (uint16_t)ns_get16(data + 4);
	if (ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message),
		data + RDATA_FIXED, name, sizeof name) < 0)
		return false;
	if (strcmp(name, ".") == 0)
		name[0] = '\0';
	return is_host_name(name) &&
	       text_copy(to->host, sizeof to->host, span_of(name));
}

int
srv_parse(const unsigned char *answer, size_t len,
    struct srv_record records[SRV_RECORDS_MAX])
{
	ns_msg message;
	int n = 0;

	if (len > ANSWER_MAX || ns_initparse(answer, (int)len, &message) != 0 ||
	    ns_msg_getflag(message, ns_f_qr) != 1)
		return -1;
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		ns_rr rr;

		if (ns_parserr(&message, ns_s_an, i, &rr) != 0)
			return -1;
		if (n < SRV_RECORDS_MAX &&
		    read_record(&message, &rr, &records[n]))
			n++;
	}
	return n;
}

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

/* The number of records, 0 also when there is no such name. */
static int
ask(const char *service, const char *domain, int64_t end_ms,
    struct srv_record records[SRV_RECORDS_MAX], struct error *err)
{
	unsigned char answer[ANSWER_MAX];
	char name[HOST_NAME_SIZE + 32];
	struct __res_state state = {0};
	int len, n;

	snprintf(name, sizeof name, "%s._tcp.%s", service, domain);
	if (res_ninit(&state) != 0)
		return error_set(err, ERR_TEMPORARY, "no resolver");
	set_patience(&state, end_ms);
	len =
	    res_nquery(&state, name, ns_c_in, ns_t_srv, answer, sizeof answer);
	n = state.res_h_errno;
	res_nclose(&state);
	if (len < 0 && (n == HOST_NOT_FOUND || n == NO_DATA))
		return 0;
	if (len < 0)
		return error_set(err, ERR_TEMPORARY,
		    "no answer from a name server about %s; is the network up?",
		    name);
	n = srv_parse(answer, (size_t)len, records);
	if (n < 0)
		return error_set(err, ERR_TEMPORARY,
		    "what a name server answers about %s makes no sense", name);
	return n;
}

static uint32_t
chance(void)
{
	uint32_t number = 0;

	(void)!getrandom(&number, sizeof number, GRND_NONBLOCK);
	return number;
}

/* The domain itself, or a name below it. */
static bool
is_within(const char *host, const char *domain)
{
	size_t n = strlen(host), m = strlen(domain);

	return n >= m && strcasecmp(host + n - m, domain) == 0 &&
	       (n == m || host[n - m - 1] == '.');
}

/* The first host that does not belong to the domain, if there is no other. */
static const char *
take(const struct srv_record *records, int n, const char *domain,
    enum tls_mode tls, struct targets *to)
{
	const char *stranger = NULL;

	for (int i = 0; i < n && to->count < HOST_COUNT_MAX; i++) {
		struct target *target = &to->at[to->count];

		if (records[i].host[0] == '\0' || records[i].port == 0)
			continue;
		if (!is_within(records[i].host, domain)) {
			stranger = stranger ? stranger : records[i].host;
			continue;
		}
		text_copy(target->host, sizeof target->host,
		    span_of(records[i].host));
		target->port = records[i].port;
		target->tls = tls;
		to->count++;
	}
	return to->count == 0 ? stranger : NULL;
}

int
srv_targets(
    const char *domain, int64_t end_ms, struct targets *to, struct error *err)
{
	static const struct {
		const char *name;
		enum tls_mode tls;
	} services[] = {
	    {"_submissions", TLS_IMPLICIT}, /* RFC 8314 5.1 */
	    {"_submission", TLS_STARTTLS},  /* RFC 6186 3.1 */
	};
	struct srv_record records[SRV_RECORDS_MAX];
	const char *stranger = NULL;

	to->count = 0;
	for (size_t i = 0; i < 2 && to->count == 0 && stranger == NULL; i++) {
		int n = ask(services[i].name, domain, end_ms, records, err);

		if (n < 0)
			return -1;
		srv_order(records, (size_t)n, chance);
		stranger = take(records, n, domain, services[i].tls, to);
	}
	if (to->count > 0)
		return 0;
	if (stranger != NULL)
		return error_set(err, ERR_CONFIG,
		    "srv: the name servers say that %s submits by %s, which is "
		    "not below it and can be anybody's; if you know it to be "
		    "right, write host = \"%s\" instead of srv",
		    domain, stranger, stranger);
	return error_set(err, ERR_CONFIG,
	    "srv: %s has no SRV record for submission; write host = \"...\" "
	    "instead",
	    domain);
}
