/* SPDX-License-Identifier: ISC */
/* Logins with a password, through libgsasl. */
#include "delivery/sasl.h"

#ifdef HAVE_GSASL

#include "base/limits.h"
#include "base/text.h"
#include "delivery/scram.h"
#include "message/base64.h"

#include <gsasl.h>
#include <stdint.h>
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

struct sasl {
	Gsasl *library;
	Gsasl_session *session;
	int mechanism;
	unsigned steps;
	struct buf nonce; /* ours, of SCRAM */
	bool done;
};

static bool
is_scram(const struct sasl *sasl)
{
	return (MECHANISM_BIT(sasl->mechanism) & MECHANISM_ALL_SCRAM) != 0;
}

/* The one that goes with the version of TLS, and only for -PLUS: with it and
 * without -PLUS the library refuses to go on. */
static int
set_binding(struct sasl *sasl, const struct binding *binding)
{
	static const Gsasl_property properties[] = {
	    [BINDING_EXPORTER] = GSASL_CB_TLS_EXPORTER,
	    [BINDING_UNIQUE] = GSASL_CB_TLS_UNIQUE,
	};
	struct buf text;
	int rc;

	if ((MECHANISM_BIT(sasl->mechanism) & MECHANISM_ALL_PLUS) == 0)
		return GSASL_OK;
	buf_init(&text, 1 * KIB);
	base64_add(span((const char *)binding->octets, binding->len), &text);
	rc = gsasl_property_set(
	    sasl->session, properties[binding->kind], buf_text(&text));
	buf_release(&text);
	return rc;
}

static int
begin(struct sasl *sasl, const struct sasl_options *options)
{
	bool external = sasl->mechanism == MECHANISM_EXTERNAL;
	const struct {
		Gsasl_property property;
		const char *value;
	} properties[] = {
	    {external ? GSASL_AUTHZID : GSASL_AUTHID, options->user},
	    {GSASL_PASSWORD, options->password},
	    {GSASL_SERVICE, "smtp"},
	    {GSASL_HOSTNAME, options->host},
	};
	int rc = gsasl_init(&sasl->library);

	if (rc == GSASL_OK)
		rc = gsasl_client_start(sasl->library,
		    mechanism_name(sasl->mechanism), &sasl->session);
	for (size_t i = 0; rc == GSASL_OK && i < COUNT(properties); i++)
		rc = gsasl_property_set(
		    sasl->session, properties[i].property, properties[i].value);
	return rc == GSASL_OK ? set_binding(sasl, options->binding) : rc;
}

/* RFC 4013: that is not the relay's doing. */
static int
say_unsayable(const struct sasl *sasl, struct error *err)
{
	return error_set(err, ERR_PERMISSION,
	    "login failed: user or password has what %s cannot say (a control "
	    "character, or what is no UTF-8); change it, or write auth = "
	    "{\"PLAIN\", \"LOGIN\"}",
	    mechanism_name(sasl->mechanism));
}

static bool
is_sayable(const char *text, Gsasl_saslprep_flags flags)
{
	char *prepared = NULL;
	int rc = gsasl_saslprep(text, flags, &prepared, NULL);

	if (prepared != NULL)
		explicit_bzero(prepared, strlen(prepared));
	gsasl_free(prepared);
	return rc == GSASL_OK;
}

struct sasl *
sasl_begin(const struct sasl_options *options, struct error *err)
{
	struct sasl *sasl = must_calloc(1, sizeof *sasl);
	int rc;

	sasl->mechanism = options->mechanism;
	buf_init(&sasl->nonce, SASL_CHALLENGE_MAX);
	rc = begin(sasl, options);
	if (rc != GSASL_OK)
		error_set(err, ERR_INTERNAL, "cannot log in by %s: %s",
		    mechanism_name(options->mechanism), gsasl_strerror(rc));
	/* The library would see it half way, and leak the half. */
	else if (is_scram(sasl) &&
		 (!is_sayable(options->user, GSASL_ALLOW_UNASSIGNED) ||
		     !is_sayable(options->password, 0)))
		say_unsayable(sasl, err);
	else
		return sasl;
	sasl_end(sasl);
	return NULL;
}

/* The server's part of SCRAM that is to be looked at before the library does.
 */
static int
check_scram(const struct sasl *sasl, struct span message, struct error *err)
{
	const char *why = NULL;
	char text[128];

	if (sasl->steps == 1)
		why = scram_fault(message, buf_span(&sasl->nonce));
	if (why != NULL)
		return error_set(err, ERR_PERMISSION,
		    "the relay's challenge of %s is wrong: %s; nothing was "
		    "sent that tells the password",
		    mechanism_name(sasl->mechanism), why);
	if (sasl->steps < 2 || !span_starts(message, "e="))
		return 0;
	text_copy_printable(text, sizeof text, span_from(message, 2));
	return error_set(err, ERR_PERMISSION,
	    "login refused by %s: %s; check user and password",
	    mechanism_name(sasl->mechanism), text);
}

static int
refuse(const struct sasl *sasl, int rc, struct error *err)
{
	const char *name = mechanism_name(sasl->mechanism);

	if (rc == GSASL_SASLPREP_ERROR)
		return say_unsayable(sasl, err);
	if (is_scram(sasl) && sasl->steps == 2)
		return error_set(err, ERR_PERMISSION,
		    "the relay does not prove by %s that it knows the "
		    "password; is it the right one, and nobody in between?",
		    name);
	return error_set(err, ERR_PERMISSION,
	    "login failed: the relay does not keep to %s (%s)", name,
	    gsasl_strerror(rc));
}

/* One step with what is decoded; the answer is wiped where it was made. */
static int
step(struct sasl *sasl, struct span message, struct buf *answer,
    struct error *err)
{
	char *made = NULL;
	size_t len = 0;
	int rc;

	if (is_scram(sasl) && check_scram(sasl, message, err) != 0)
		return -1;
	rc = gsasl_step(sasl->session, message.at, message.len, &made, &len);
	if (rc != GSASL_OK && rc != GSASL_NEEDS_MORE)
		return refuse(sasl, rc, err);
	if (sasl->steps == 0 && is_scram(sasl))
		buf_add_span(&sasl->nonce, scram_nonce(span(made, len)));
	base64_add(span(made != NULL ? made : "", len), answer);
	if (made != NULL)
		explicit_bzero(made, len);
	gsasl_free(made);
	sasl->steps++;
	sasl->done = rc == GSASL_OK;
	return 0;
}

int
sasl_step(struct sasl *sasl, struct span challenge, struct buf *answer,
    struct error *err)
{
	char *message = NULL;
	size_t len = 0;
	int rc;

	if (challenge.len == 0)
		return step(sasl, span("", 0), answer, err);
	if (gsasl_base64_from(challenge.at, challenge.len, &message, &len) !=
	    GSASL_OK)
		return refuse(sasl, GSASL_BASE64_ERROR, err);
	rc = step(sasl, span(message, len), answer, err);
	gsasl_free(message);
	return rc;
}

bool
sasl_is_done(const struct sasl *sasl)
{
	return sasl->done;
}

void
sasl_end(struct sasl *sasl)
{
	const char *secret = NULL;

	if (sasl == NULL)
		return;
	if (sasl->session != NULL)
		secret = gsasl_property_fast(sasl->session, GSASL_PASSWORD);
	/* The library's own copy, which it frees as it is. */
	if (secret != NULL)
		explicit_bzero((char *)(uintptr_t)secret, strlen(secret));
	if (sasl->session != NULL)
		gsasl_finish(sasl->session);
	if (sasl->library != NULL)
		gsasl_done(sasl->library);
	buf_release(&sasl->nonce);
	free(sasl);
}

#else

struct sasl *
sasl_begin(const struct sasl_options *options, struct error *err)
{
	(void)options;
	error_set(err, ERR_INTERNAL, "built without libgsasl");
	return NULL;
}

int
sasl_step(struct sasl *sasl, struct span challenge, struct buf *answer,
    struct error *err)
{
	(void)sasl, (void)challenge, (void)answer;
	return error_set(err, ERR_INTERNAL, "built without libgsasl");
}

bool
sasl_is_done(const struct sasl *sasl)
{
	(void)sasl;
	return false;
}

void
sasl_end(struct sasl *sasl)
{
	(void)sasl;
}

#endif
