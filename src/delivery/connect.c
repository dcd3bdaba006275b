/* SPDX-License-Identifier: ISC */
/* libcurl, from CURLOPT_CONNECT_ONLY to an authenticated stream of bytes. */
#include "delivery/stream.h"

#include "base/buf.h"
#include "delivery/fault.h"
#include "delivery/stream_state.h"
#include "delivery/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
stream_global_init(struct error *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(err, ERR_INTERNAL, "libcurl does not start");
	return 0;
}

static int
on_debug(CURL *curl, curl_infotype type, char *data, size_t size, void *ctx)
{
	struct stream *s = ctx;
	struct span rest = span(data, size), line;

	(void)curl;
	if (type != CURLINFO_HEADER_OUT && type != CURLINFO_HEADER_IN)
		return 0;
	while (span_cut(&rest, '\n', &line)) {
		if (type == CURLINFO_HEADER_OUT)
			transcript_sent(&s->transcript, line);
		else
			transcript_received(&s->transcript, line);
	}
	return 0;
}

/*
 * Called for every line of the server before the login: here, before AUTH is
 * sent, the TLS session can be seen, and only here.
 */
static size_t
on_line(char *data, size_t size, size_t n, void *ctx)
{
	struct stream *s = ctx;
	enum tls_mode mode = s->options->relay->tls;
	struct curl_tlssessioninfo *info = NULL;

	if (greeting_take(&s->greeting, span(data, size * n)) != 0)
		return 0;
	if (!s->greeting.ehlo_done || mode == TLS_NONE)
		return size * n;
	/* The first EHLO of STARTTLS is in the clear, and does not count. */
	if (mode == TLS_STARTTLS && s->greeting.ehlo_count == 1)
		return size * n;
	if (curl_easy_getinfo(s->curl, CURLINFO_TLS_SSL_PTR, &info) !=
		CURLE_OK ||
	    info == NULL ||
	    !trust_describe(info->internals, s->tls, sizeof s->tls))
		return 0;
	s->trust_status = trust_purpose(info->internals);
	return s->trust_status == 0 ? size * n : 0;
}

/* smtp://HOST:PORT/NAME, where libcurl takes the name for EHLO from. */
static void
set_url(struct stream *s)
{
	const struct relay *relay = s->options->relay;
	char url[2 * HOST_NAME_SIZE + 32];

	snprintf(url, sizeof url, "%s://%s:%u/%s",
	    relay->tls == TLS_IMPLICIT ? "smtps" : "smtp", relay->host,
	    (unsigned)relay->port, s->options->host_name);
	curl_easy_setopt(s->curl, CURLOPT_URL, url);
	curl_easy_setopt(s->curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	/* Never from the environment. */
	curl_easy_setopt(s->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(s->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
}

static void
set_limits(struct stream *s)
{
	long timeout = (long)s->options->relay->timeout_ms;

	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, timeout);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, 2 * timeout);
	curl_easy_setopt(
	    s->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (timeout + 999) / 1000);
}

static void
set_trust(struct stream *s)
{
	const struct relay *relay = s->options->relay;
	const char *bundle = curl_version_info(CURLVERSION_NOW)->cainfo;

	curl_easy_setopt(s->curl, CURLOPT_USE_SSL,
	    (long)(relay->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
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
	curl_easy_setopt(s->curl, CURLOPT_PASSWORD, s->options->password);
	curl_easy_setopt(
	    s->curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
	curl_easy_setopt(s->curl, CURLOPT_SASL_IR, 1L);
}

static void
set_callbacks(struct stream *s)
{
	curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, s->message);
	curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, s);
	if (s->transcript.shown) {
		curl_easy_setopt(s->curl, CURLOPT_VERBOSE, 1L);
		curl_easy_setopt(s->curl, CURLOPT_DEBUGFUNCTION, on_debug);
		curl_easy_setopt(s->curl, CURLOPT_DEBUGDATA, s);
	}
}

/* What fault.c needs to know to say in one line what went wrong. */
static int
explain(struct stream *s, CURLcode code, struct error *err)
{
	struct fault fault = {
	    .relay = s->options->relay,
	    .code = (int)code,
	    .message = s->message,
	    .greeting = &s->greeting,
	};
	long os_errno = 0, status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_SSL_VERIFYRESULT, &status);
	fault.trust_status = (unsigned)status | s->trust_status;
	if (s->trust_status != 0)
		fault.code = CURLE_PEER_FAILED_VERIFICATION;
	curl_easy_getinfo(s->curl, CURLINFO_OS_ERRNO, &os_errno);
	curl_easy_getinfo(s->curl, CURLINFO_CERTINFO, &fault.certificates);
	fault.os_errno = (int)os_errno;
	return fault_explain(&fault, err);
}

struct stream *
stream_open(const struct stream_options *options, struct capabilities *caps,
    struct error *err)
{
	struct stream *s = must_calloc(1, sizeof *s);
	CURLcode code;

	s->options = options;
	s->transcript.shown = options->transcript;
	s->curl = curl_easy_init();
	if (s->curl == NULL) {
		error_set(err, ERR_TEMPORARY, "libcurl: out of memory");
		goto failed;
	}
	set_url(s);
	set_limits(s);
	set_trust(s);
	set_login(s);
	set_callbacks(s);
	code = curl_easy_perform(s->curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(
		    s->curl, CURLINFO_ACTIVESOCKET, &s->socket);
	if (code != CURLE_OK ||
	    (options->relay->user != NULL && !s->greeting.logged_in)) {
		explain(s, code, err);
		goto failed;
	}
	*caps = s->greeting.caps;
	s->options = NULL;
	return s;
failed:
	stream_close(s);
	return NULL;
}
