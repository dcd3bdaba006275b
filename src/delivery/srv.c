/* SPDX-License-Identifier: ISC */
/* SRV records. */
#include "delivery/srv.h"

#include "base/text.h"
#include "delivery/dns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* Priority, weight and port; then the host. */
#define RDATA_FIXED 6

/* What may stand in the URL for libcurl. */
static bool
is_host_name(const char *name)
{
	return strspn(name, "-._0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(name);
}

static uint16_t
number_at(struct span data, size_t at)
{
	return (uint16_t)((unsigned char)data.at[at] << 8 |
			  (unsigned char)data.at[at + 1]);
}

static bool
read_record(const unsigned char *answer, size_t len, struct span data,
    struct srv_record *to)
{
	if (data.len <= RDATA_FIXED)
		return false;
	to->priority = number_at(data, 0);
	to->weight = number_at(data, 2);
	to->port = number_at(data, 4);
	return dns_name(
		   answer, len, data, RDATA_FIXED, to->host, sizeof to->host) &&
	       is_host_name(to->host);
}

int
srv_parse(const unsigned char *answer, size_t len,
    struct srv_record records[SRV_RECORDS_MAX])
{
	struct span data[SRV_RECORDS_MAX];
	int found = dns_records(answer, len, DNS_SRV, data, SRV_RECORDS_MAX);
	int n = 0;

	for (int i = 0; i < found; i++)
		if (read_record(answer, len, data[i], &records[n]))
			n++;
	return found < 0 ? -1 : n;
}

/* The number of records, 0 also when there is no such name. */
static int
ask(const char *service, const char *domain, int64_t end_ms,
    struct srv_record records[SRV_RECORDS_MAX], bool *proved, struct error *err)
{
	struct dns_answer answer;
	char name[HOST_NAME_SIZE + 32];
	int n;

	snprintf(name, sizeof name, "%s._tcp.%s", service, domain);
	if (dns_ask(name, DNS_SRV, end_ms, &answer, err) != 0)
		return -1;
	if (answer.len == 0)
		return 0;
	*proved = answer.proof == DNS_PROVED;
	n = srv_parse(answer.octets, answer.len, records);
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
    enum tls_mode tls, bool proved, struct targets *to)
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
		target->proved = proved;
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
	bool proved = false;

	to->count = 0;
	for (size_t i = 0; i < 2 && to->count == 0 && stranger == NULL; i++) {
		int n = ask(
		    services[i].name, domain, end_ms, records, &proved, err);

		if (n < 0)
			return -1;
		srv_order(records, (size_t)n, chance);
		stranger =
		    take(records, n, domain, services[i].tls, proved, to);
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
