/* SPDX-License-Identifier: ISC */
/* What libcurl is told before it connects. */
#include "delivery/stream_state.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of LMTP libcurl knows nothing. What it does for HTTP before the first request
 * is what is needed: a connection, and TLS on it. */
static const char *
scheme_of(const struct stream *s)
{
	bool tls = s->target->tls == TLS_IMPLICIT;

	if (s->options->relay->protocol == PROTOCOL_LMTP)
		return tls ? "https" : "http";
	return tls ? "smtps" : "smtp";
}

/* smtp://HOST:PORT/NAME, where libcurl takes the name for EHLO from. */
static void
set_url(struct stream *s)
{
	const struct target *at = s->target;
	char url[2 * HOST_NAME_SIZE + 32];
	bool local = at->host[0] == '/';

	snprintf(url, sizeof url, "%s://%s:%u/%s", scheme_of(s),
	    local ? "localhost" : at->host, (unsigned)at->port,
	    s->options->host_name);
	if (local)
		curl_easy_setopt(s->curl, CURLOPT_UNIX_SOCKET_PATH, at->host);
	curl_easy_setopt(s->curl, CURLOPT_URL, url);
	curl_easy_setopt(s->curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, scheme_of(s));
	/* Nothing that is only HTTP's. */
	curl_easy_setopt(s->curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(s->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
}

/* Whatever the environment says of it. */
static void
set_proxy(struct stream *s)
{
	const struct relay *relay = s->options->relay;

	curl_easy_setopt(s->curl, CURLOPT_NOPROXY, "");
	curl_easy_setopt(
	    s->curl, CURLOPT_PROXY, relay->proxy ? relay->proxy : "");
	if (relay->proxy == NULL)
		return;
	curl_easy_setopt(s->curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
	/* What the proxy says is no reply of the relay. */
	curl_easy_setopt(s->curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(s->curl, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(s->curl, CURLOPT_SOCKS5_AUTH, (long)CURLAUTH_BASIC);
	if (relay->proxy_user != NULL) {
		curl_easy_setopt(
		    s->curl, CURLOPT_PROXYUSERNAME, relay->proxy_user);
		curl_easy_setopt(
		    s->curl, CURLOPT_PROXYPASSWORD, s->proxy_password);
	}
}

/* Which way to the host. */
static void
set_way(struct stream *s)
{
	static const long families[] = {
	    [FAMILY_ANY] = CURL_IPRESOLVE_WHATEVER,
	    [FAMILY_IPV4] = CURL_IPRESOLVE_V4,
	    [FAMILY_IPV6] = CURL_IPRESOLVE_V6,
	};
	const struct relay *relay = s->options->relay;
	char source[80];

	curl_easy_setopt(s->curl, CURLOPT_IPRESOLVE, families[relay->family]);
	if (relay->source_address != NULL) {
		snprintf(
		    source, sizeof source, "host!%s", relay->source_address);
		curl_easy_setopt(s->curl, CURLOPT_INTERFACE, source);
	}
}

static void
set_limits(struct stream *s)
{
	long timeout = (long)s->options->relay->timeout_ms;

	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)s->limit_ms);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)s->limit_ms);
	curl_easy_setopt(
	    s->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (timeout + 999) / 1000);
	/* Name servers that are away are not waited for at the end, either. */
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(s->curl, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static void
set_trust(struct stream *s)
{
	const struct relay *relay = s->options->relay;
	const char *bundle = curl_version_info(CURLVERSION_NOW)->cainfo;

	curl_easy_setopt(s->curl, CURLOPT_USE_SSL,
	    (long)(s->target->tls == TLS_NONE ? CURLUSESSL_NONE
					      : CURLUSESSL_ALL));
	curl_easy_setopt(
	    s->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(s->curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(s->curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(s->curl, CURLOPT_CERTINFO, 1L);
	/*
	 * A relay's own CA is trusted alone. Without one it is the system's
	 * bundle; its folder of single files has the same once more, and
	 * loading it costs 26 ms and 7 MiB.
	 */
	if (relay->tls_ca_file != NULL)
		curl_easy_setopt(s->curl, CURLOPT_CAINFO, relay->tls_ca_file);
	if (relay->tls_ca_file != NULL ||
	    (bundle != NULL && access(bundle, R_OK) == 0))
		curl_easy_setopt(s->curl, CURLOPT_CAPATH, NULL);
}

/* RFC 7628 3.1 escapes these two in a name; libcurl does not. */
static bool
is_only_xoauth2(const struct relay *relay)
{
	return relay->oauth->xoauth2 || strpbrk(relay->user, ",=") != NULL;
}

/* Of both, libcurl takes OAUTHBEARER where it is offered: that one ends in a
 * reply when the token is refused. */
static void
set_token(struct stream *s)
{
	curl_easy_setopt(s->curl, CURLOPT_XOAUTH2_BEARER, s->options->token);
	curl_easy_setopt(s->curl, CURLOPT_LOGIN_OPTIONS,
	    is_only_xoauth2(s->options->relay)
		? "AUTH=XOAUTH2"
		: "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
}

/*
 * The mechanisms are always named: left alone, libcurl prefers CRAM-MD5, and
 * would send an empty password where it was meant to send none.
 */
static void
set_login(struct stream *s)
{
	const struct relay *relay = s->options->relay;

	if (relay->user == NULL)
		return;
	curl_easy_setopt(s->curl, CURLOPT_USERNAME, relay->user);
	curl_easy_setopt(s->curl, CURLOPT_SASL_IR, 1L);
	if (relay->oauth != NULL) {
		set_token(s);
		return;
	}
	curl_easy_setopt(s->curl, CURLOPT_PASSWORD, s->options->password);
	curl_easy_setopt(
	    s->curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
}

void
stream_set_options(struct stream *s)
{
	set_url(s);
	set_proxy(s);
	set_way(s);
	set_limits(s);
	set_trust(s);
	set_login(s);
}
