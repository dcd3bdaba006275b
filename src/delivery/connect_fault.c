/* SPDX-License-Identifier: ISC */
/* What is known of a connection that failed. */
#include "delivery/stream_state.h"

#include "base/clock.h"
#include "delivery/fault.h"
#include "delivery/fault_proxy.h"
#include "delivery/findings.h"

int
stream_explain(struct stream *s, CURLcode code, struct error *err)
{
	struct fault fault = {
	    .relay = s->options->relay,
	    .target = s->target,
	    .code = (int)code,
	    .waited_ms = clock_monotonic_ms() - s->began_ms,
	    .message = s->message,
	    .mechanism = s->mechanism,
	    .refusal = s->refusal,
	    .greeting = &s->greeting,
	    .doubt = &s->doubt,
	    .alert = &s->alert,
	    .dane = s->dane,
	};
	long os_errno = 0, status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_SSL_VERIFYRESULT, &status);
	fault.pin = s->pin;
	if (s->pin[0] != '\0')
		fault.code = CURLE_SSL_PINNEDPUBKEYNOTMATCH;
	else if (s->doubt.why[0] == '\0')
		trust_explain((unsigned)status, &s->doubt);
	else
		fault.code = CURLE_PEER_FAILED_VERIFICATION;
	if (code == CURLE_WRITE_ERROR)
		fault.message = "it says what is no reply of SMTP";
	curl_easy_getinfo(s->curl, CURLINFO_OS_ERRNO, &os_errno);
	curl_easy_getinfo(s->curl, CURLINFO_PROXY_ERROR, &fault.proxy_error);
	curl_easy_getinfo(
	    s->curl, CURLINFO_HTTP_CONNECTCODE, &fault.proxy_status);
	curl_easy_getinfo(s->curl, CURLINFO_CERTINFO, &fault.certificates);
	fault.os_errno = (int)os_errno;
	if (s->options->findings != NULL)
		s->options->findings->lasting = fault_is_lasting(&fault);
	if (s->options->token_refused != NULL)
		*s->options->token_refused = fault_is_of_token(&fault);
	return fault_explain(&fault, err);
}

bool
stream_is_away(const struct stream *s, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_HTTP_CONNECTCODE, &status);
	switch (code) {
	case CURLE_COULDNT_CONNECT:
		/* If it is the proxy's, there is no way to any host. */
		return s->options->relay->proxy == NULL;
	case CURLE_PROXY:
		return fault_is_behind_proxy(s->curl);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_OPERATION_TIMEDOUT:
		return true;
	case CURLE_SSL_CONNECT_ERROR:
		/* A token is locked by a few wrong words. */
		return !fault_is_own_key(s->message);
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		/* A balancer with nobody behind it. */
		return s->greeting.reply.code == 0 && status != 407;
	default:
		return false;
	}
}
