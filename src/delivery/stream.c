/* SPDX-License-Identifier: ISC */
/* libcurl, from CURLOPT_CONNECT_ONLY to an authenticated stream of bytes. */
#include "delivery/stream.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "delivery/fault.h"
#include "delivery/greeting.h"
#include "delivery/trust.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct stream {
	CURL *curl;
	const struct stream_options *options; /* while opening */
	struct greeting greeting;
	curl_socket_t socket;
	bool transcript;
	bool masking; /* the dialogue is inside AUTH */
	char tls[64];
	char message[CURL_ERROR_SIZE];
};

int
stream_global_init(struct error *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(err, ERR_INTERNAL, "libcurl does not start");
	return 0;
}

void
stream_show(struct stream *s, char side, struct span line)
{
	char shown[256];

	if (!s->transcript)
		return;
	text_copy_printable(shown, sizeof shown, span_trim(line));
	fprintf(stderr, "%c: %s\n", side, shown);
}

/* AUTH and the answers to its challenges hold the password: never shown. */
static void
show_sent(struct stream *s, struct span line)
{
	struct span word;

	if (span_starts_nocase(line, "AUTH ")) {
		s->masking = true;
		span_cut(&line, ' ', &word);
		span_cut(&line, ' ', &word);
		fprintf(
		    stderr, "C: AUTH %.*s ****\n", SPAN_ARG(span_trim(word)));
	} else if (s->masking) {
		fprintf(stderr, "C: ****\n");
	} else {
		stream_show(s, 'C', line);
	}
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
		if (type == CURLINFO_HEADER_OUT) {
			show_sent(s, line);
			continue;
		}
		if (!span_starts(line, "334"))
			s->masking = false;
		stream_show(s, 'S', line);
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
	return size * n;
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
	if (s->transcript) {
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
	    .code = code,
	    .message = s->message,
	    .greeting = &s->greeting,
	};
	long os_errno = 0;

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
	s->transcript = options->transcript;
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

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	curl_easy_cleanup(s->curl);
	free(s);
}

const char *
stream_tls(const struct stream *s)
{
	return s->tls;
}

/* Waits until the socket is ready. 1, or 0 when the time is up. */
static int
wait_for(struct stream *s, short events, int64_t end)
{
	struct pollfd p = {.fd = s->socket, .events = events};

	for (;;) {
		int64_t left = end - clock_monotonic_ms();
		int rc;

		if (left <= 0)
			return 0;
		rc = poll(&p, 1, (int)(left < 60000 ? left : 60000));
		if (rc > 0 || (rc < 0 && errno != EINTR))
			return 1;
	}
}

int
stream_write(
    struct stream *s, struct span bytes, int64_t timeout_ms, struct error *err)
{
	int64_t end = clock_monotonic_ms() + timeout_ms;

	while (bytes.len > 0) {
		size_t sent = 0;
		CURLcode code =
		    curl_easy_send(s->curl, bytes.at, bytes.len, &sent);

		if (code == CURLE_AGAIN) {
			if (wait_for(s, POLLOUT, end))
				continue;
			return error_set(err, ERR_TEMPORARY,
			    "the relay took nothing for %lld s",
			    (long long)(timeout_ms / 1000));
		}
		if (code != CURLE_OK)
			return error_set(err, ERR_TEMPORARY,
			    "connection lost while sending (%s)",
			    curl_easy_strerror(code));
		bytes = span_from(bytes, sent);
	}
	return 0;
}

ssize_t
stream_read(struct stream *s, char *to, size_t size, int64_t timeout_ms,
    struct error *err)
{
	int64_t end = clock_monotonic_ms() + timeout_ms;

	for (;;) {
		size_t got = 0;
		CURLcode code = curl_easy_recv(s->curl, to, size, &got);

		if (code == CURLE_OK)
			return (ssize_t)got;
		if (code != CURLE_AGAIN)
			return error_set(err, ERR_TEMPORARY,
			    "connection lost (%s)", curl_easy_strerror(code));
		if (timeout_ms == 0)
			return -2;
		if (!wait_for(s, POLLIN, end))
			return error_set(err, ERR_TEMPORARY,
			    "the relay said nothing for %lld s",
			    (long long)(timeout_ms / 1000));
	}
}
