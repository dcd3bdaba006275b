/* SPDX-License-Identifier: ISC */
/* What a failure of libcurl is called, and what it makes of the exit code. */
#include "unit.h"

#include "config/mechanism.h"
#include "delivery/fault.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

static struct oauth by_code = {.grant = GRANT_CODE},
		    by_command = {.grant = GRANT_COMMAND};

static const struct {
	const char *name;
	CURLcode code;
	enum tls_mode tls;
	const char *message;    /* of libcurl */
	const char *reply;      /* the last of the server; NULL: none */
	const char *mechanisms; /* offered; NULL: no AUTH */
	bool login;             /* AUTH was sent */
	int login_by;        /* a mechanism; the first of all counts for none */
	struct oauth *oauth; /* of the relay */
	const char *refusal; /* of a token; NULL: none */
	int os_errno;
	enum error_kind kind;
	const char *has[5]; /* what the line must tell */
	const char *lacks;  /* and what not */
} cases[] = {
    {.name = "SCRAM refused",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.8 no",
	.mechanisms = "SCRAM-SHA-256 LOGIN",
	.login = true,
	.login_by = MECHANISM_SCRAM_SHA_256,
	.kind = ERR_PERMISSION,
	.has = {"login refused: 535 5.7.8 no", "user and password",
	    "SCRAM-SHA-256 needs", "auth = {\"LOGIN\"}"}},
    {.name = "SCRAM refused, and nothing else offered",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.8 no",
	.mechanisms = "SCRAM-SHA-256 SCRAM-SHA-1",
	.login = true,
	.login_by = MECHANISM_SCRAM_SHA_256,
	.kind = ERR_PERMISSION,
	.has = {"login refused: 535 5.7.8 no", "user and password"},
	.lacks = "auth ="},
    {.name = "SCRAM bound to TLS refused",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.8 no",
	.mechanisms = "SCRAM-SHA-256-PLUS PLAIN",
	.login = true,
	.login_by = MECHANISM_SCRAM_SHA_256_PLUS,
	.kind = ERR_PERMISSION,
	.has = {"login refused: 535 5.7.8 no", "user and password"},
	.lacks = "auth ="},
    {.name = "a mechanism that the server switched off",
	.code = CURLE_LOGIN_DENIED,
	.reply = "504 5.5.4 no such mechanism",
	.mechanisms = "SCRAM-SHA-256 PLAIN",
	.login = true,
	.login_by = MECHANISM_SCRAM_SHA_256,
	.kind = ERR_PERMISSION,
	.has = {"login refused: 504"},
	.lacks = "auth ="},
    {.name = "basic authentication is over",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.139 Authentication unsuccessful, basic "
		 "authentication is disabled.",
	.mechanisms = "LOGIN",
	.login = true,
	.kind = ERR_PERMISSION,
	.has = {"535 5.7.139", "set oauth", "pillarbox-oauth(7)"},
	.lacks = "check user"},
    {.name = "an app password is wanted",
	.code = CURLE_LOGIN_DENIED,
	.reply = "534 5.7.9 Application-specific password required.",
	.mechanisms = "PLAIN",
	.login = true,
	.kind = ERR_PERMISSION,
	.has = {"534 5.7.9", "app password"}},
    {.name = "token refused at once",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.3 Authentication unsuccessful",
	.mechanisms = "XOAUTH2",
	.login = true,
	.login_by = MECHANISM_XOAUTH2,
	.oauth = &by_code,
	.kind = ERR_PERMISSION,
	.has = {"login refused: 535 5.7.3 Auth", "scope",
	    "run: pillarbox --authorize work"},
	.lacks = "of the token"},
    {.name = "token refused, with a challenge",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.8 no",
	.mechanisms = "XOAUTH2",
	.login = true,
	.oauth = &by_code,
	.refusal = "{\"status\":\"400\"}",
	.kind = ERR_PERMISSION,
	.has = {"535 5.7.8 no; of the token it says {\"status\":\"400\"}; ",
	    "run: pillarbox --authorize work"}},
    {.name = "token refused, and hung up",
	.code = CURLE_LOGIN_DENIED,
	.reply = "334 abc",
	.mechanisms = "XOAUTH2",
	.login = true,
	.oauth = &by_code,
	.refusal = "{}",
	.kind = ERR_PERMISSION,
	.has = {"login refused: the token is not taken", "{}"},
	.lacks = "334"},
    {.name = "token not now",
	.code = CURLE_LOGIN_DENIED,
	.reply = "454 4.7.0 later",
	.mechanisms = "XOAUTH2",
	.login = true,
	.oauth = &by_code,
	.refusal = "{}",
	.kind = ERR_TEMPORARY,
	.has = {"login not possible now: 454 4.7.0 later; of the token"},
	.lacks = "--authorize"},
    {.name = "token of a program",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.8 no",
	.mechanisms = "XOAUTH2",
	.login = true,
	.oauth = &by_command,
	.kind = ERR_PERMISSION,
	.has = {"login refused: 535 5.7.8 no", "token-command"},
	.lacks = "--authorize"},
    {.name = "SMTP is switched off",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.139 Authentication unsuccessful, "
		 "SmtpClientAuthentication is disabled for the Tenant.",
	.mechanisms = "XOAUTH2",
	.login = true,
	.oauth = &by_code,
	.kind = ERR_PERMISSION,
	.has = {"535 5.7.139", "switch on \"Authenticated SMTP\""},
	.lacks = "--authorize"},
    {.name = "nothing that takes a token",
	.code = CURLE_LOGIN_DENIED,
	.reply = "250 ok",
	.mechanisms = "PLAIN LOGIN",
	.oauth = &by_code,
	.kind = ERR_PERMISSION,
	.has = {"offers only AUTH PLAIN LOGIN, none of which takes a token",
	    "nothing was sent"}},
    {.name = "the other that takes a token",
	.code = CURLE_LOGIN_DENIED,
	.reply = "250 ok",
	.mechanisms = "OAUTHBEARER",
	.oauth = &by_code,
	.kind = ERR_PERMISSION,
	.has = {"offers only AUTH OAUTHBEARER", "takes a token",
	    "nothing was sent"},
	.lacks = "none of which"},
    {.name = "no AUTH for a token",
	.code = CURLE_LOGIN_DENIED,
	.reply = "250 ok",
	.oauth = &by_code,
	.kind = ERR_PERMISSION,
	.has = {"offers no AUTH", "2525", "nothing was sent"}},
    {.name = "unknown host",
	.code = CURLE_COULDNT_RESOLVE_HOST,
	.kind = ERR_TEMPORARY,
	.has = {"resolve", "mail.example.com"}},
    {.name = "nobody listens",
	.code = CURLE_COULDNT_CONNECT,
	.message = "words",
	.os_errno = ECONNREFUSED,
	.kind = ERR_TEMPORARY,
	.has = {"connect", "mail.example.com", "2525", "Connection refused"},
	.lacks = "words"},
    {.name = "no errno",
	.code = CURLE_COULDNT_CONNECT,
	.message = "words",
	.kind = ERR_TEMPORARY,
	.has = {"mail.example.com", "words"}},
    {.name = "silent server",
	.code = CURLE_OPERATION_TIMEDOUT,
	.tls = TLS_STARTTLS,
	.kind = ERR_TEMPORARY,
	.has = {"no answer", "30 s", "tls = implicit"}},
    {.name = "slow server",
	.code = CURLE_OPERATION_TIMEDOUT,
	.tls = TLS_STARTTLS,
	.reply = "220 mail",
	.kind = ERR_TEMPORARY,
	.has = {"no answer"},
	.lacks = "tls = implicit"},
    {.name = "slow TLS",
	.code = CURLE_OPERATION_TIMEDOUT,
	.tls = TLS_IMPLICIT,
	.kind = ERR_TEMPORARY,
	.has = {"no answer"},
	.lacks = "tls = implicit"},
    {.name = "certificate",
	.code = CURLE_PEER_FAILED_VERIFICATION,
	.message = "it has expired",
	.kind = ERR_TEMPORARY,
	.has = {"certificate of mail.example.com", "it has expired",
	    "nothing was sent", "tls-ca-file"},
	.lacks = "issued by"},
    {.name = "handshake",
	.code = CURLE_SSL_CONNECT_ERROR,
	.tls = TLS_IMPLICIT,
	.message = "bad record",
	.kind = ERR_TEMPORARY,
	.has = {"TLS", "2525", "bad record", "tls = implicit"}},
    {.name = "handshake later",
	.code = CURLE_SSL_CONNECT_ERROR,
	.tls = TLS_STARTTLS,
	.kind = ERR_TEMPORARY,
	.has = {"tls = starttls"}},
    {.name = "CA file",
	.code = CURLE_SSL_CACERT_BADFILE,
	.kind = ERR_CONFIG,
	.has = {"cannot read", "/ca.pem"}},
    {.name = "CRL file",
	.code = CURLE_SSL_CRL_BADFILE,
	.kind = ERR_CONFIG,
	.has = {"cannot read", "tls-crl-file"}},
    {.name = "no STARTTLS",
	.code = CURLE_USE_SSL_FAILED,
	.tls = TLS_STARTTLS,
	.reply = "250 ok",
	.kind = ERR_TEMPORARY,
	.has = {"does not start TLS", "nothing was sent"},
	.lacks = "250"},
    {.name = "STARTTLS refused",
	.code = CURLE_USE_SSL_FAILED,
	.tls = TLS_STARTTLS,
	.reply = "454 not now",
	.kind = ERR_TEMPORARY,
	.has = {"does not start TLS", "454 not now"}},
    {.name = "password",
	.code = CURLE_LOGIN_DENIED,
	.reply = "535 5.7.8 Bad credentials",
	.mechanisms = "PLAIN",
	.kind = ERR_PERMISSION,
	.has = {"login refused", "535 5.7.8 Bad credentials",
	    "user and password"}},
    {.name = "login not now",
	.code = CURLE_LOGIN_DENIED,
	.reply = "454 4.7.0 later",
	.mechanisms = "PLAIN",
	.kind = ERR_TEMPORARY,
	.has = {"login", "454 4.7.0 later"},
	.lacks = "check user"},
    {.name = "no AUTH",
	.code = CURLE_OK,
	.reply = "250 ok",
	.kind = ERR_PERMISSION,
	.has = {"login", "no AUTH", "nothing was sent", "2525"},
	.lacks = "250 ok"},
    {.name = "no AUTH we know",
	.code = CURLE_LOGIN_DENIED,
	.reply = "250 ok",
	.mechanisms = "CRAM-MD5 GSSAPI",
	.kind = ERR_PERMISSION,
	.has = {"login", "CRAM-MD5 GSSAPI"},
	.lacks = "250 ok"},
    {.name = "AUTH answered by 250",
	.code = CURLE_LOGIN_DENIED,
	.reply = "250 ok",
	.mechanisms = "PLAIN",
	.login = true,
	.kind = ERR_TEMPORARY,
	.has = {"login failed", "no answer to it: 250 ok"},
	.lacks = "offers"},
    {.name = "AUTH goes on for ever",
	.code = CURLE_LOGIN_DENIED,
	.reply = "334 more",
	.mechanisms = "LOGIN",
	.login = true,
	.kind = ERR_TEMPORARY,
	.has = {"login failed", "334 more", "neither took nor refused"},
	.lacks = "offers"},
    {.name = "greeting refused",
	.code = CURLE_WEIRD_SERVER_REPLY,
	.message = "words",
	.reply = "554 5.7.1 not you",
	.kind = ERR_TEMPORARY,
	.has = {"mail.example.com", "2525", "554 5.7.1 not you"},
	.lacks = "words"},
    {.name = "other, in words",
	.code = CURLE_GOT_NOTHING,
	.message = "words",
	.kind = ERR_TEMPORARY,
	.has = {"mail.example.com", "words"}},
    {.name = "other, no words",
	.code = CURLE_GOT_NOTHING,
	.kind = ERR_TEMPORARY,
	.has = {"mail.example.com", "nothing"}},
};

static struct target target = {.host = "mail.example.com", .port = 2525};
static struct doubt doubt = {.remedy = "tls-ca-file"};
static const struct alert alert;
static struct relay relay = {.name = "work",
    .tls_ca_file = "/ca.pem",
    .auth = MECHANISM_BIT(MECHANISM_PLAIN)};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *offered = cases[i].mechanisms;
		const char *message = cases[i].message;
		struct greeting greeting = {0};
		struct relay one = relay;
		struct fault f = {.relay = &one,
		    .target = &target,
		    .code = (int)cases[i].code,
		    .waited_ms = 29900,
		    .os_errno = cases[i].os_errno,
		    .message = message != NULL ? message : "",
		    .doubt = &doubt,
		    .mechanism = cases[i].login_by > 0 ? cases[i].login_by : -1,
		    .refusal = cases[i].refusal ? cases[i].refusal : "",
		    .alert = &alert,
		    .greeting = &greeting};
		struct error err = {0};

		if (cases[i].reply != NULL)
			reply_take(&greeting.reply, span_of(cases[i].reply));
		greeting.caps.auth = offered != NULL;
		greeting.login = cases[i].login;
		greeting.caps.auth_set =
		    mechanism_set(span_of(offered != NULL ? offered : ""));
		one.oauth = cases[i].oauth;
		snprintf(greeting.caps.mechanisms,
		    sizeof greeting.caps.mechanisms, "%s",
		    offered != NULL ? offered : "");
		target.tls = cases[i].tls;
		assert_int_equal(fault_explain(&f, &err), -1);
		if (err.kind != cases[i].kind)
			fail_msg("%s: kind %d", cases[i].name, (int)err.kind);
		for (size_t n = 0; n < 5 && cases[i].has[n] != NULL; n++)
			if (strstr(err.text, cases[i].has[n]) == NULL)
				fail_msg("%s: \"%s\" is not in \"%s\"",
				    cases[i].name, cases[i].has[n], err.text);
		if (cases[i].lacks != NULL &&
		    strstr(err.text, cases[i].lacks) != NULL)
			fail_msg("%s: \"%s\" is in \"%s\"", cases[i].name,
			    cases[i].lacks, err.text);
	}
}

static void
test_certificate_is_shown(void **state)
{
	static const char *const fields[] = {"Subject:CN = wrong.example.com",
	    "Issuer:CN = Some CA", "Expire Date:2027-01-01 00:00:00 GMT"};
	struct curl_slist *list = NULL;
	struct curl_certinfo info = {.num_of_certs = 1, .certinfo = &list};
	struct greeting greeting = {0};
	struct fault f = {.relay = &relay,
	    .target = &target,
	    .code = CURLE_PEER_FAILED_VERIFICATION,
	    .message = "no match",
	    .doubt = &doubt,
	    .mechanism = -1,
	    .refusal = "",
	    .alert = &alert,
	    .greeting = &greeting,
	    .certificates = &info};
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++)
		list = curl_slist_append(list, fields[i]);
	assert_int_equal(fault_explain(&f, &err), -1);
	curl_slist_free_all(list);
	assert_non_null(strstr(err.text, "CN = wrong.example.com"));
	assert_non_null(strstr(err.text, "CN = Some CA"));
	assert_non_null(strstr(err.text, "2027-01-01 00:00:00 GMT"));
	assert_non_null(strstr(err.text, "no match"));
}

/* A server that let go, and what it had asked for and said. */
static void
test_own_certificate(void **state)
{
	static const struct {
		struct alert alert;
		int ehlo_count;
		const char *own;
		const char *words;
	} answers[] = {
	    {{true, "certificate_required"}, 0, NULL,
		"ended TLS: certificate_required; it asks for a certificate of "
		"this host, which has none: set tls-certificate and tls-key"},
	    {{true, NULL}, 0, "/own.pem",
		"ended TLS without a word; it asks for a certificate of this "
		"host; is tls-certificate /own.pem in time"},
	    {{true, NULL}, 1, NULL, "words"},
	    {{false, NULL}, 0, NULL, "words"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct relay own = relay;
		struct greeting greeting = {
		    .ehlo_count = answers[i].ehlo_count, .ehlo_wanted = 1};
		struct fault f = {.relay = &own,
		    .target = &target,
		    .code = CURLE_RECV_ERROR,
		    .message = "words",
		    .doubt = &doubt,
		    .alert = &answers[i].alert,
		    .greeting = &greeting};
		struct error err;

		own.tls_certificate = (char *)(uintptr_t)answers[i].own;
		assert_int_equal(fault_explain(&f, &err), -1);
		if (strstr(err.text, answers[i].words) == NULL)
			fail_msg("%zu: %s", i, err.text);
	}
}

/* A host and words of any length make one line that ends in NUL. */
static void
test_long_words(void **state)
{
	static char words[4000];
	struct target longer = target;
	struct oauth oauth = by_code;
	struct relay one = relay;
	struct greeting greeting = {0};
	struct error err;

	(void)state;
	one.oauth = &oauth;
	memset(longer.host, 'h', sizeof longer.host - 1);
	memset(words, '\n', sizeof words - 1);
	for (int code = 0; code < CURL_LAST; code++) {
		struct fault f = {.relay = &one,
		    .target = &longer,
		    .code = code,
		    .message = words,
		    .doubt = &doubt,
		    .mechanism = -1,
		    .refusal = words,
		    .alert = &alert,
		    .greeting = &greeting};

		assert_int_equal(fault_explain(&f, &err), -1);
		assert_true(strlen(err.text) < sizeof err.text);
		assert_null(strchr(err.text, '\n'));
		assert_int_not_equal(err.kind, ERR_NONE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_certificate_is_shown),
	    cmocka_unit_test(test_own_certificate),
	    cmocka_unit_test(test_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
