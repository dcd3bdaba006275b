/* SPDX-License-Identifier: ISC */
/* What libcurl is told before it connects. */
#include "delivery/stream_state.h"

#include "base/buf.h"
#include "base/clock.h"
#include "config/mechanism.h"
#include "delivery/hide.h"
#include "delivery/login.h"

#include <stdio.h>
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
	long spent = (long)(clock_monotonic_ms() - s->began_ms);
	/* For libcurl 0 would be no limit. */
	long left = s->limit_ms > spent ? (long)s->limit_ms - spent : 1;

	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, left);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, left);
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
	bool ours = relay->tls_pin_only ||
		    (s->dane != NULL && s->dane->state == RECORDS_USED);

	curl_easy_setopt(s->curl, CURLOPT_USE_SSL,
	    (long)(s->target->tls == TLS_NONE ? CURLUSESSL_NONE
					      : CURLUSESSL_ALL));
	curl_easy_setopt(s->curl, CURLOPT_SSLVERSION,
	    (long)(relay->tls_1_3 ? CURL_SSLVERSION_TLSv1_3
				  : CURL_SSLVERSION_TLSv1_2));
	/* Where the key alone counts, or records do, prove.c sees to it. */
	curl_easy_setopt(s->curl, CURLOPT_SSL_VERIFYPEER, ours ? 0L : 1L);
	curl_easy_setopt(s->curl, CURLOPT_SSL_VERIFYHOST, ours ? 0L : 2L);
	curl_easy_setopt(s->curl, CURLOPT_CERTINFO, 1L);
	/*
	 * A relay's own CA is trusted alone. Without one it is the system's
	 * bundle; its folder of single files has the same once more, and
	 * loading it costs 26 ms and 7 MiB.
	 */
	if (relay->tls_ca_file != NULL)
		curl_easy_setopt(s->curl, CURLOPT_CAINFO, relay->tls_ca_file);
	if (relay->tls_crl_file != NULL)
		curl_easy_setopt(s->curl, CURLOPT_CRLFILE, relay->tls_crl_file);
	if (relay->tls_ca_file != NULL ||
	    (bundle != NULL && access(bundle, R_OK) == 0))
		curl_easy_setopt(s->curl, CURLOPT_CAPATH, NULL);
}

/* Who we are, if TLS is to prove it. */
static void
set_own(struct stream *s)
{
	const struct relay *relay = s->options->relay;

	if (relay->tls_certificate == NULL)
		return;
	curl_easy_setopt(s->curl, CURLOPT_SSLCERT, relay->tls_certificate);
	if (relay->tls_key != NULL)
		curl_easy_setopt(s->curl, CURLOPT_SSLKEY, relay->tls_key);
	if (s->key_password[0] != '\0')
		curl_easy_setopt(s->curl, CURLOPT_KEYPASSWD, s->key_password);
}

/*
 * The mechanisms are always named: left alone, libcurl prefers CRAM-MD5, and
 * would send an empty password where it was meant to send none.
 */
static void
set_login(struct stream *s)
{
	const struct relay *relay = s->options->relay;
	struct buf allowed;

	if (!mechanism_is_wanted(relay) || login_is_ours(s))
		return;
	/* By EXTERNAL, who is meant may be left to the certificate. */
	curl_easy_setopt(
	    s->curl, CURLOPT_USERNAME, relay->user ? relay->user : "");
	curl_easy_setopt(s->curl, CURLOPT_PASSWORD, s->options->password);
	buf_init(&allowed, KIB);
	mechanism_list(relay->auth, "AUTH=", ";", &allowed);
	curl_easy_setopt(s->curl, CURLOPT_LOGIN_OPTIONS, buf_text(&allowed));
	buf_release(&allowed);
	curl_easy_setopt(s->curl, CURLOPT_SASL_IR, 1L);
}

void
stream_set_options(struct stream *s)
{
	set_url(s);
	set_proxy(s);
	set_way(s);
	set_limits(s);
	set_trust(s);
	set_own(s);
	set_login(s);
}

void
stream_forget_login(struct stream *s)
{
	hide_from_libcurl(s->options->password);
	hide_from_libcurl(s->options->token);
	hide_from_libcurl(s->proxy_password);
	hide_from_libcurl(s->key_password);
}
