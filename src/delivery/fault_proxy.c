/* SPDX-License-Identifier: ISC */
/* What is wrong with the proxy. */
#include "delivery/fault_proxy.h"

#include "config/proxy.h"

#include <curl/curl.h>

int
fault_proxy_unknown(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "cannot resolve the name of the proxy %s; is the network up, and "
	    "the name right?",
	    f->relay->proxy ? proxy_place(f->relay->proxy) : "");
}

/* What SOCKS5 has words for; the rest is libcurl's to say. */
static const struct {
	CURLproxycode code;
	bool behind;
	const char *text;
} refusals[] = {
    {CURLPX_REPLY_CONNECTION_REFUSED, true, "connection refused"},
    {CURLPX_REPLY_HOST_UNREACHABLE, true, "host unreachable"},
    {CURLPX_REPLY_NETWORK_UNREACHABLE, true, "network unreachable"},
    {CURLPX_REPLY_TTL_EXPIRED, true, "no way to the host"},
    {CURLPX_REPLY_GENERAL_SERVER_FAILURE, true, "general failure"},
    {CURLPX_REPLY_NOT_ALLOWED, false, "not allowed"},
    {CURLPX_USER_REJECTED, false, "login refused; check proxy-user"},
    {CURLPX_NO_AUTH, false, "login wanted; set proxy-user"},
};

bool
fault_is_behind_proxy(void *curl)
{
	long code = 0;

	curl_easy_getinfo(curl, CURLINFO_PROXY_ERROR, &code);
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if ((long)refusals[i].code == code)
			return refusals[i].behind;
	return false;
}

int
fault_proxy_refused(const struct fault *f, struct error *err)
{
	const char *why = f->message;

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if ((long)refusals[i].code == f->proxy_error)
			why = refusals[i].text;
	return error_set(err, ERR_TEMPORARY,
	    "the proxy %s does not connect to %s port %u: %s",
	    f->relay->proxy ? proxy_place(f->relay->proxy) : "",
	    f->target->host, (unsigned)f->target->port, why);
}

int
fault_proxy_says(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "the proxy %s does not connect to %s port %u: HTTP status %ld%s",
	    f->relay->proxy ? proxy_place(f->relay->proxy) : "",
	    f->target->host, (unsigned)f->target->port, f->proxy_status,
	    f->proxy_status == 407 ? "; check proxy-user" : "");
}
