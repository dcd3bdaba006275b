/* SPDX-License-Identifier: ISC */
/* libcurl, for one POST. */
#include "oauth/https.h"

#include "base/limits.h"
#include "config/secret.h"
#include "delivery/trust.h"

#include <curl/curl.h>
#include <string.h>
#include <unistd.h>

struct span
https_host(const char *url)
{
	const char *at = strstr(url, "://");

	at = at != NULL ? at + 3 : url;
	return span(at, strcspn(at, "/?#"));
}

static size_t
on_body(char *data, size_t size, size_t n, void *to)
{
	buf_add(to, data, size * n);
	return buf_ok(to) ? size * n : 0;
}

/* Whatever the environment says of proxies, and of passwords a .netrc. */
static int
set_proxy(CURL *curl, const struct relay *relay, struct error *err)
{
	struct buf secret;
	int rc = 0;

	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	curl_easy_setopt(curl, CURLOPT_PROXY, relay->proxy ? relay->proxy : "");
	if (relay->proxy_password_file == NULL)
		return 0;
	buf_init(&secret, SECRET_MAX);
	rc = secret_read_proxy(relay, &secret, err);
	if (rc == 0) {
		curl_easy_setopt(curl, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(
		    curl, CURLOPT_SOCKS5_AUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(
		    curl, CURLOPT_PROXYUSERNAME, relay->proxy_user);
		curl_easy_setopt(
		    curl, CURLOPT_PROXYPASSWORD, buf_text(&secret));
	}
	buf_wipe(&secret);
	buf_release(&secret);
	return rc;
}

/* As for a relay: an authority of its own is trusted alone. */
static void
set_trust(CURL *curl, const char *ca_file)
{
	const char *bundle = curl_version_info(CURLVERSION_NOW)->cainfo;

	curl_easy_setopt(
	    curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (ca_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	if (ca_file != NULL || (bundle != NULL && access(bundle, R_OK) == 0))
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
}

static void
set_limits(CURL *curl, int64_t limit_ms)
{
	long limit =
	    limit_ms < OAUTH_TIMEOUT_MS ? (long)limit_ms : OAUTH_TIMEOUT_MS;

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* 0 would be without a limit. */
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, limit > 0 ? limit : 1L);
	curl_easy_setopt(
	    curl, CURLOPT_CONNECTTIMEOUT_MS, (long)OAUTH_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)OAUTH_REPLY_MAX);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static void
set_request(CURL *curl, const char *url, struct span form,
    const struct curl_slist *fields)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form.at);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)form.len);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "pillarbox/" PACKAGE_VERSION);
	curl_easy_setopt(
	    curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

/* libcurl does not say what is wrong with a certificate. */
static bool
explain(CURL *curl, struct doubt *d)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &status);
	trust_explain((unsigned)status, d);
	return d->why[0] != '\0';
}

/* What libcurl says of it, for lack of anything that the server says. */
static int
say_failed(CURL *curl, CURLcode code, const char *url, const char *message,
    struct error *err)
{
	struct doubt doubt;
	struct span host = https_host(url);
	enum error_kind kind =
	    code == CURLE_SSL_CACERT_BADFILE ? ERR_CONFIG : ERR_TEMPORARY;

	if (code == CURLE_PEER_FAILED_VERIFICATION && explain(curl, &doubt))
		return error_set(err, kind,
		    "no token from %.*s: its certificate is not trusted: %s; "
		    "are the clock, the endpoint and ca-file right?",
		    SPAN_ARG(host), doubt.why);
	if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
		message = "the answer is too long";
	else if (code == CURLE_SSL_CACERT_BADFILE)
		message = "cannot read the certificates to trust (ca-file)";
	else if (message[0] == '\0')
		message = curl_easy_strerror(code);
	return error_set(
	    err, kind, "no token from %.*s: %s", SPAN_ARG(host), message);
}

int
https_post(const struct relay *relay, const char *url, struct span form,
    int64_t limit_ms, struct https_reply *reply, struct error *err)
{
	struct curl_slist *fields =
	    curl_slist_append(NULL, "Accept: application/json");
	char message[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	curl_off_t after = 0;
	CURLcode code;
	int rc = -1;

	if (curl == NULL || fields == NULL) {
		error_set(err, ERR_TEMPORARY, "libcurl: out of memory");
	} else if (set_proxy(curl, relay, err) == 0) {
		/* All the memory at once: growing would leave copies. */
		buf_room(&reply->body, reply->body.ceiling);
		set_trust(curl, relay->oauth->ca_file);
		set_limits(curl, limit_ms);
		set_request(curl, url, form, fields);
		curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
		curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
		curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply->body);
		code = curl_easy_perform(curl);
		rc = code == CURLE_OK
			 ? 0
			 : say_failed(curl, code, url, message, err);
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &after);
		reply->retry_after = after;
	}
	curl_easy_cleanup(curl);
	curl_slist_free_all(fields);
	return rc;
}
