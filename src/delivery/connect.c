/* SPDX-License-Identifier: ISC */
/* libcurl, from CURLOPT_CONNECT_ONLY to an authenticated stream of bytes. */
#include "delivery/stream.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "config/mechanism.h"
#include "config/secret.h"
#include "delivery/findings.h"
#include "delivery/hear.h"
#include "delivery/hide.h"
#include "delivery/lhlo.h"
#include "delivery/login.h"
#include "delivery/memory.h"
#include "delivery/stream_state.h"

#include <stdio.h>
#include <stdlib.h>

int
stream_global_init(struct error *err)
{
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_malloc,
		memory_free, memory_realloc, memory_strdup,
		memory_calloc) != CURLE_OK)
		return error_set(err, ERR_INTERNAL, "libcurl does not start");
	memory_wipe_tls();
	return 0;
}

/* What libcurl says of a failure it says before it lets go of the session. */
static void
look_for_alert(struct stream *s)
{
	struct curl_tlssessioninfo *info = NULL;

	if (curl_easy_getinfo(s->curl, CURLINFO_TLS_SSL_PTR, &info) ==
		CURLE_OK &&
	    info != NULL && info->internals != NULL)
		alert_note(&s->alert, info->internals);
}

static int
on_debug(CURL *curl, curl_infotype type, char *data, size_t size, void *ctx)
{
	struct stream *s = ctx;
	struct span rest = span(data, size), line;

	(void)curl;
	if (type == CURLINFO_TEXT)
		look_for_alert(s);
	if (type == CURLINFO_HEADER_IN)
		hear_show(s, rest);
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	while (span_cut(&rest, '\n', &line)) {
		if (span_starts_nocase(line, "Proxy-Authorization:"))
			line = span_of("Proxy-Authorization: ****");
		transcript_sent(&s->transcript, line);
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
	const struct greeting *g = &s->greeting;

	if (greeting_take(&s->greeting, span(data, size * n)) != 0)
		return 0;
	if (!g->ehlo_done || g->ehlo_count < g->ehlo_wanted)
		return size * n;
	return stream_prove(s) ? size * n : 0;
}

static void
set_callbacks(struct stream *s)
{
	curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, s->message);
	curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(s->curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(s->curl, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(s->curl, CURLOPT_DEBUGDATA, s);
}

/* Connects and logs in. 1: the host is out of reach, and err says how. */
static int
open_target(struct stream *s, struct error *err)
{
	struct error over;
	CURLcode code;
	int rc;

	s->curl = curl_easy_init();
	if (s->curl == NULL)
		return error_set(err, ERR_TEMPORARY, "libcurl: out of memory");
	rc = stream_ask_records(s, err);
	if (rc != 0)
		return rc;
	stream_set_options(s);
	set_callbacks(s);
	code = curl_easy_perform(s->curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(
		    s->curl, CURLINFO_ACTIVESOCKET, &s->socket);
	if (code == CURLE_OK && s->options->relay->protocol == PROTOCOL_LMTP)
		code = lhlo(s);
	if (code == CURLE_OK && login_is_ours(s))
		code = login(s, err);
	if (code == CURLE_AUTH_ERROR)
		return -1;
	if (code == CURLE_OK && (!mechanism_is_wanted(s->options->relay) ||
				    s->greeting.logged_in)) {
		stream_forget_login(s);
		curl_easy_setopt(s->curl, CURLOPT_VERBOSE, 0L);
		return 0;
	}
	stream_explain(s, code, err);
	if (code == CURLE_OPERATION_TIMEDOUT && stream_is_over(s, &over))
		return error_append(err, "; %s", over.text);
	return stream_is_away(s, code) ? 1 : -1;
}

/* A stream to the target, or NULL and *away: whether it is out of reach. */
static struct stream *
try_target(const struct stream_options *options, const struct target *target,
    int64_t limit_ms, const char *proxy_password, bool *away, struct error *err)
{
	struct stream *s = must_calloc(1, sizeof *s);
	int rc;

	s->options = options;
	s->target = target;
	s->proxy_password = proxy_password;
	s->key_password = options->key_password;
	s->mechanism = -1;
	s->began_ms = clock_monotonic_ms();
	s->limit_ms = limit_ms;
	s->deadline_ms = options->deadline_ms;
	s->foreground_ms = options->foreground_ms;
	s->transcript.shown = options->transcript;
	snprintf(s->place, sizeof s->place, "%s:%u", target->host,
	    (unsigned)target->port);
	/* The first EHLO of STARTTLS is in the clear, and does not count. */
	s->greeting.ehlo_wanted = target->tls == TLS_STARTTLS ? 2 : 1;
	if (options->findings != NULL)
		findings_begin(options->findings, s);
	rc = open_target(s, err);
	if (options->findings != NULL)
		findings_end(options->findings, s);
	free(s->dane);
	s->dane = NULL;
	s->options = NULL;
	s->target = NULL;
	s->proxy_password = NULL;
	s->key_password = NULL;
	*away = rc > 0;
	if (rc == 0)
		return s;
	stream_close(s);
	return NULL;
}

struct stream *
stream_open(const struct stream_options *options, struct capabilities *caps,
    struct error *err)
{
	const struct relay *relay = options->relay;
	struct stream *s = NULL;
	struct targets targets;
	struct buf proxy; /* its password */
	bool away;
	size_t n = 0;

	buf_init(&proxy, SECRET_MAX);
	away = secret_read_proxy(relay, &proxy, err) == 0 &&
	       target_list(options, &targets, err) == 0;
	while (s == NULL && away && n < targets.count) {
		s = try_target(options, &targets.at[n],
		    target_limit(options, targets.count - n), buf_text(&proxy),
		    &away, err);
		n++;
		if (s == NULL && away && n < targets.count &&
		    options->findings != NULL)
			findings_away(options->findings, err);
	}
	if (s != NULL)
		*caps = s->greeting.caps;
	else if (n > 1)
		error_append(err, " (%zu hosts were tried)", n);
	if (s == NULL)
		hide_login(relay, options->password, options->token,
		    buf_text(&proxy), err->text);
	buf_wipe(&proxy);
	buf_release(&proxy);
	return s;
}
