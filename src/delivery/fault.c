/* SPDX-License-Identifier: ISC */
/* What is wrong with the relay, in one line. */
#include "delivery/fault.h"

#include "base/text.h"
#include "config/proxy.h"
#include "delivery/fault_proxy.h"
#include "delivery/trust.h"
#include "message/base64.h"

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
	char why[256], shown[256] = "";

	trust_explain(f->trust_status, why, sizeof why);
	if (subject != NULL && issuer != NULL && until != NULL)
		snprintf(shown, sizeof shown,
		    "; it is for %s, issued by %s, valid until %s", subject,
		    issuer, until);
	return error_set(err, ERR_TEMPORARY,
	    "the certificate of %s is not trusted: %s%s; nothing was sent; "
	    "check host, or name the relay's own CA in tls-ca-file",
	    f->target->host, why[0] ? why : f->message, shown);
}

static int
ca_file(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_CONFIG,
	    "cannot read the certificates to trust (%s)",
	    f->relay->tls_ca_file ? f->relay->tls_ca_file : "the system's");
}

static int
handshake(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "TLS with %s port %u failed: %s; is tls = %s right for this port?",
	    f->target->host, (unsigned)f->target->port, f->message,
	    f->target->tls == TLS_IMPLICIT ? "implicit" : "starttls");
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

/* RFC 7628 3.2.2: what is wrong with the token, as a challenge. libcurl does
 * not answer that of XOAUTH2, and hangs up. */
#define CODE_CHALLENGE 334

/* "334 BASE64" in words; "" if it is none. */
static void
read_challenge(const struct reply *r, char *to, size_t size)
{
	struct span text = span_of(r->text);
	struct buf json;

	buf_init(&json, REPLY_MAX);
	if (text.len > 4 && base64_read(span_from(text, 4), &json))
		text_copy_printable(to, size, buf_span(&json));
	else
		to[0] = '\0';
	buf_release(&json);
}

static int
token_login(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;
	char why[512];

	if (r->code != CODE_CHALLENGE && reply_class(r) < 4)
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers only AUTH %s, none of which takes "
		    "a token",
		    f->target->host, f->greeting->caps.mechanisms);
	if (r->code != CODE_CHALLENGE)
		return error_set(err, ERR_PERMISSION,
		    "login refused: %s; check user, and that it may send by "
		    "SMTP, or run: pillarbox --authorize %s",
		    r->text, f->relay->name);
	read_challenge(r, why, sizeof why);
	return error_set(err, ERR_PERMISSION,
	    "login refused: the token is not taken%s%s; check user and scope, "
	    "or run: pillarbox --authorize %s",
	    why[0] ? ": " : "", why, f->relay->name);
}

static int
login(const struct fault *f, struct error *err)
{
	const struct greeting *g = f->greeting;

	if (!g->caps.auth && f->target->host[0] == '/')
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers no AUTH; nothing was sent",
		    f->target->host);
	if (!g->caps.auth)
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers no AUTH; nothing was sent; is "
		    "port %u the submission port?",
		    f->target->host, (unsigned)f->target->port);
	if (f->relay->oauth != NULL && reply_class(&g->reply) != 4)
		return token_login(f, err);
	if (reply_class(&g->reply) < 4)
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers only AUTH %s, none of which can "
		    "be used with a password",
		    f->target->host, g->caps.mechanisms);
	if (reply_class(&g->reply) == 4)
		return error_set(err, ERR_TEMPORARY,
		    "login not possible now: %s", g->reply.text);
	return error_set(err, ERR_PERMISSION,
	    "login refused: %s; check user and password", g->reply.text);
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

	if (reply_class(r) >= 4)
		return error_set(err, ERR_TEMPORARY, "%s says: %s%s",
		    place_of(f, place), r->text,
		    knows_no_lhlo(f) ? "; does it speak LMTP?" : "");
	return error_set(err, ERR_TEMPORARY, "%s: %s", place_of(f, place),
	    f->message[0] ? f->message : curl_easy_strerror((CURLcode)f->code));
}

static const struct {
	CURLcode code;
	int (*explain)(const struct fault *f, struct error *err);
} explanations[] = {
    {CURLE_OK, login},
    {CURLE_LOGIN_DENIED, login},
    {CURLE_COULDNT_RESOLVE_HOST, resolve},
    {CURLE_COULDNT_RESOLVE_PROXY, fault_proxy_unknown},
    {CURLE_PROXY, fault_proxy_refused},
    {CURLE_COULDNT_CONNECT, connect_failed},
    {CURLE_INTERFACE_FAILED, source_address},
    {CURLE_OPERATION_TIMEDOUT, timed_out},
    {CURLE_PEER_FAILED_VERIFICATION, certificate},
    {CURLE_SSL_CACERT_BADFILE, ca_file},
    {CURLE_SSL_CONNECT_ERROR, handshake},
    {CURLE_USE_SSL_FAILED, no_starttls},
};

/* Not when SMTP is switched off for the mailbox, which Microsoft says by the
 * last of these. */
bool
fault_is_of_token(const struct fault *f)
{
	const struct reply *r = &f->greeting->reply;

	if (f->code != CURLE_LOGIN_DENIED)
		return false;
	return r->code == CODE_CHALLENGE ||
	       (reply_class(r) == 5 && strcmp(r->status, "5.7.139") != 0);
}

int
fault_explain(const struct fault *f, struct error *err)
{
	if (f->proxy_status >= 300)
		return fault_proxy_says(f, err);
	for (size_t i = 0; i < sizeof explanations / sizeof explanations[0];
	     i++)
		if ((int)explanations[i].code == f->code)
			return explanations[i].explain(f, err);
	return other(f, err);
}
