/* SPDX-License-Identifier: ISC */
/* What is wrong with the relay, in one line. */
#include "delivery/fault.h"

#include "config/proxy.h"
#include "delivery/fault_dane.h"
#include "delivery/fault_login.h"
#include "delivery/fault_pin.h"
#include "delivery/fault_proxy.h"
#include "delivery/fault_tls.h"
#include "delivery/trust.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#define PLACE_SIZE (3 * HOST_NAME_SIZE)

/* Who was asked, and by which way. */
static const char *
place_of(const struct fault *f, char to[PLACE_SIZE])
{
	const char *proxy = f->relay->proxy;

	if (f->target->host[0] == '/')
		snprintf(to, PLACE_SIZE, "%s", f->target->host);
	else
		snprintf(to, PLACE_SIZE, "%s port %u%s%s", f->target->host,
		    (unsigned)f->target->port, proxy ? " by the proxy " : "",
		    proxy ? proxy_place(proxy) : "");
	return to;
}

/* One function for each kind of failure; every one returns -1. */

static int
resolve(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "cannot resolve the name %s%s; is the network up, and the name "
	    "right?",
	    f->target->host,
	    f->relay->family == FAMILY_ANY    ? ""
	    : f->relay->family == FAMILY_IPV4 ? " to an IPv4 address"
					      : " to an IPv6 address");
}

static int
connect_failed(const struct fault *f, struct error *err)
{
	char place[PLACE_SIZE];

	if (f->relay->proxy != NULL)
		return error_set(err, ERR_TEMPORARY,
		    "cannot connect to the proxy %s: %s",
		    proxy_place(f->relay->proxy),
		    f->os_errno ? strerror(f->os_errno) : f->message);
	return error_set(err, ERR_TEMPORARY, "cannot connect to %s: %s",
	    place_of(f, place),
	    f->os_errno ? strerror(f->os_errno) : f->message);
}

static int
source_address(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "cannot send from the source-address %s: %s; is it one of this "
	    "host's?",
	    f->relay->source_address ? f->relay->source_address : "",
	    f->os_errno ? strerror(f->os_errno) : f->message);
}

/* A server that waits for TLS says nothing to a client that waits for it. */
static int
timed_out(const struct fault *f, struct error *err)
{
	char place[PLACE_SIZE];
	bool silent =
	    f->greeting->reply.code == 0 && f->target->tls == TLS_STARTTLS;

	return error_set(err, ERR_TEMPORARY, "%s: no answer within %lld s%s",
	    place_of(f, place), (long long)((f->waited_ms + 500) / 1000),
	    silent ? "; does this port want tls = implicit?" : "");
}

/* The value of a name in what libcurl tells of the server's certificate. */
static const char *
certificate_field(const struct fault *f, const char *name)
{
	size_t n = strlen(name);

	if (f->certificates == NULL || f->certificates->num_of_certs < 1)
		return NULL;
	for (struct curl_slist *at = f->certificates->certinfo[0]; at != NULL;
	     at = at->next)
		if (strncmp(at->data, name, n) == 0 && at->data[n] == ':')
			return at->data + n + 1;
	return NULL;
}

static int
certificate(const struct fault *f, struct error *err)
{
	const char *subject = certificate_field(f, "Subject");
	const char *issuer = certificate_field(f, "Issuer");
	const char *until = certificate_field(f, "Expire Date");
	const struct doubt *d = f->doubt;
	char shown[512] = "";

	if (fault_is_of_records(f))
		return fault_records(f, err);
	if (subject != NULL && issuer != NULL && until != NULL)
		snprintf(shown, sizeof shown,
		    "; it is for %s, issued by %s, valid until %s", subject,
		    issuer, until);
	return error_set(err, ERR_TEMPORARY,
	    "the certificate of %s is not trusted: %s%s; nothing was sent%s%s",
	    f->target->host, d->why[0] ? d->why : f->message, shown,
	    d->remedy[0] ? "; " : "", d->remedy);
}

static int
no_starttls(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;

	return error_set(err, ERR_TEMPORARY,
	    "%s port %u does not start TLS%s%s; nothing was sent",
	    f->target->host, (unsigned)f->target->port,
	    reply_class(r) > 3 ? ": " : "", reply_class(r) > 3 ? r->text : "");
}

static bool
knows_no_lhlo(const struct fault *f)
{
	int code = f->greeting->reply.code;

	return f->relay->protocol == PROTOCOL_LMTP && code >= 500 &&
	       code <= 503;
}

/* The server's own words say more than libcurl's about them. */
static int
other(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;
	char place[PLACE_SIZE];

	if (fault_login_is_open(f))
		return fault_login_broken(f, err);
	if (reply_class(r) >= 4)
		return error_set(err, ERR_TEMPORARY, "%s says: %s%s",
		    place_of(f, place), r->text,
		    knows_no_lhlo(f) ? "; does it speak LMTP?" : "");
	/* What libcurl looks for at a connection that was reset. */
	if (span_starts(span_of(f->message), "getpeername()"))
		return error_set(err, ERR_TEMPORARY,
		    "%s closed the connection without a word",
		    place_of(f, place));
	return error_set(err, ERR_TEMPORARY, "%s: %s", place_of(f, place),
	    f->message[0] ? f->message : curl_easy_strerror((CURLcode)f->code));
}

/* Did the other end let go? */
static bool
is_broken(const struct fault *f)
{
	return f->code == CURLE_SSL_CONNECT_ERROR ||
	       f->code == CURLE_RECV_ERROR || f->code == CURLE_SEND_ERROR ||
	       f->code == CURLE_GOT_NOTHING;
}

static const struct {
	CURLcode code;
	int (*explain)(const struct fault *f, struct error *err);
} explanations[] = {
    {CURLE_OK, fault_login},
    {CURLE_LOGIN_DENIED, fault_login},
    {CURLE_COULDNT_RESOLVE_HOST, resolve},
    {CURLE_COULDNT_RESOLVE_PROXY, fault_proxy_unknown},
    {CURLE_PROXY, fault_proxy_refused},
    {CURLE_COULDNT_CONNECT, connect_failed},
    {CURLE_INTERFACE_FAILED, source_address},
    {CURLE_OPERATION_TIMEDOUT, timed_out},
    {CURLE_PEER_FAILED_VERIFICATION, certificate},
    {CURLE_SSL_CACERT_BADFILE, fault_ca_file},
    {CURLE_SSL_CRL_BADFILE, fault_crl_file},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, fault_pin},
    {CURLE_SSL_CONNECT_ERROR, fault_handshake},
    {CURLE_USE_SSL_FAILED, no_starttls},
};

bool
fault_is_lasting(const struct fault *f)
{
	switch (f->code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_USE_SSL_FAILED:
		return reply_class(&f->greeting->reply) != 4;
	default:
		return reply_class(&f->greeting->reply) == 5;
	}
}

bool
fault_is_of_token(const struct fault *f)
{
	return f->code == CURLE_LOGIN_DENIED && fault_login_is_of_token(f);
}

int
fault_explain(const struct fault *f, struct error *err)
{
	if (f->proxy_status >= 300)
		return fault_proxy_says(f, err);
	if (is_broken(f) && fault_is_of_certificate(f))
		return fault_own_certificate(f, err);
	for (size_t i = 0; i < sizeof explanations / sizeof explanations[0];
	     i++)
		if ((int)explanations[i].code == f->code)
			return explanations[i].explain(f, err);
	return other(f, err);
}
