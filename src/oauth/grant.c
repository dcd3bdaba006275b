/* SPDX-License-Identifier: ISC */
/* Requests and their answers. */
#include "oauth/grant.h"

#include "base/limits.h"
#include "config/secret.h"
#include "oauth/form.h"
#include "oauth/https.h"
#include "oauth/members.h"

#include <string.h>

#define AT(member) offsetof(struct answer, member)

static const struct member members[] = {
    {"access_token", MEMBER_WORD, AT(access_token)},
    {"refresh_token", MEMBER_TEXT, AT(refresh_token)},
    {"token_type", MEMBER_TEXT, AT(token_type)},
    {"expires_in", MEMBER_NUMBER, AT(expires_in)},
    {"device_code", MEMBER_TEXT, AT(device_code)},
    {"user_code", MEMBER_TEXT, AT(user_code)},
    {"verification_uri", MEMBER_WORD, AT(verification_uri)},
    {"verification_url", MEMBER_WORD, AT(verification_url)},
    {"verification_uri_complete", MEMBER_WORD, AT(verification_uri_complete)},
    {"interval", MEMBER_NUMBER, AT(interval)},
    {"error", MEMBER_TEXT, AT(error)},
    {"error_description", MEMBER_FREE, AT(error_description)},
};

#define COUNT (sizeof members / sizeof members[0])

int
answer_read(struct answer *a, struct span json, struct error *err)
{
	return members_read(members, COUNT, a, json, err);
}

void
answer_release(struct answer *a)
{
	members_release(members, COUNT, a);
}

bool
answer_is(const struct answer *a, const char *error)
{
	return a->error != NULL && strcmp(a->error, error) == 0;
}

int
grant_begin(const struct relay *relay, const char *type, struct buf *form,
    struct error *err)
{
	const struct oauth *o = relay->oauth;
	struct buf secret;
	int rc = 0;

	buf_room(form, form->ceiling);
	if (type != NULL)
		form_add(form, "grant_type", type);
	form_add(form, "client_id", o->client_id);
	if (o->client_secret_file == NULL)
		return 0;
	buf_init(&secret, SECRET_MAX);
	rc = secret_read_file(
	    "client-secret-file", o->client_secret_file, &secret, err);
	if (rc == 0)
		form_add(form, "client_secret", buf_text(&secret));
	buf_wipe(&secret);
	buf_release(&secret);
	return rc;
}

/* Is there one of the texts that were sent in what came back? A server may
 * quote what it did not like. */
static bool
quotes(struct span form, const char *text)
{
	static const char *const secrets[] = {"client_secret", "refresh_token",
	    "code", "device_code", "code_verifier"};
	bool found = false;
	struct buf value;

	buf_init(&value, form.len);
	buf_room(&value, form.len);
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		buf_clear(&value);
		found = found ||
			(form_find(form, secrets[i], &value) && value.len > 0 &&
			    strstr(text, buf_text(&value)) != NULL);
	}
	buf_wipe(&value);
	buf_release(&value);
	return found;
}

static void
drop(char **text)
{
	explicit_bzero(*text, strlen(*text));
	(*text)[0] = '\0';
}

static int
say_unreadable(const char *endpoint, const struct answer *a, const char *why,
    struct error *err)
{
	struct span host = https_host(endpoint);

	return error_set(err, ERR_TEMPORARY,
	    "no token from %.*s: it answers %ld%s%s", SPAN_ARG(host), a->status,
	    why[0] ? ", and " : "", why);
}

/* What stands in an answer of a server that is out of order counts for
 * nothing: least of all that a token is refused. */
static int
take(const char *endpoint, const struct https_reply *reply, struct answer *a,
    struct error *err)
{
	char why[sizeof err->text];

	if (a->status >= 500 || a->status == 429 ||
	    (a->status >= 300 && a->status < 400))
		return say_unreadable(endpoint, a, "", err);
	if (answer_read(a, buf_span(&reply->body), err) != 0) {
		memcpy(why, err->text, sizeof why);
		return say_unreadable(endpoint, a, why, err);
	}
	if (a->status == 200 || a->error != NULL)
		return 0;
	return say_unreadable(endpoint, a, "does not say why", err);
}

int
grant_ask(const struct relay *relay, const char *endpoint,
    const struct buf *form, int64_t limit_ms, struct answer *a,
    struct error *err)
{
	struct https_reply reply = {0};
	int rc;

	if (!buf_ok(form))
		return error_set(err, ERR_CONFIG,
		    "scope, client-id and secret are too long");
	buf_init(&reply.body, OAUTH_REPLY_MAX);
	rc = https_post(relay, endpoint, buf_span(form), limit_ms, &reply, err);
	a->status = reply.status;
	a->retry_after = reply.retry_after;
	if (rc == 0)
		rc = take(endpoint, &reply, a, err);
	buf_wipe(&reply.body);
	buf_release(&reply.body);
	if (a->error != NULL && quotes(buf_span(form), a->error))
		drop(&a->error);
	if (a->error_description != NULL &&
	    quotes(buf_span(form), a->error_description))
		drop(&a->error_description);
	return rc;
}

/* RFC 6749 5.2, RFC 8628 3.5, OpenID Connect 3.1.2.6, and what Microsoft has
 * besides. */
static const struct {
	const char *error;
	enum error_kind kind;
} faults[] = {
    {"invalid_grant", ERR_PERMISSION},
    {"consent_required", ERR_PERMISSION},
    {"interaction_required", ERR_PERMISSION},
    {"login_required", ERR_PERMISSION},
    {"access_denied", ERR_PERMISSION},
    {"authorization_declined", ERR_PERMISSION},
    {"expired_token", ERR_PERMISSION},
    {"bad_verification_code", ERR_PERMISSION},
    {"invalid_client", ERR_CONFIG},
    {"unauthorized_client", ERR_CONFIG},
    {"invalid_scope", ERR_CONFIG},
    {"unsupported_grant_type", ERR_CONFIG},
    {"invalid_request", ERR_CONFIG},
};

/* How many bytes of it are shown. */
#define SHOWN 200

int
grant_fault(const struct relay *relay, const char *endpoint,
    const struct answer *a, struct error *err)
{
	struct span host = https_host(endpoint);
	enum error_kind kind = ERR_TEMPORARY;
	const char *more = a->error_description;

	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		if (answer_is(a, faults[i].error))
			kind = faults[i].kind;
	/* What nobody can authorize, somebody has to mend. */
	if (kind == ERR_PERMISSION && relay->oauth->grant == GRANT_CLIENT)
		kind = ERR_CONFIG;
	error_set(err, kind, "no token from %.*s: %.60s%s%.*s", SPAN_ARG(host),
	    a->error, more && more[0] ? ": " : "", SHOWN, more ? more : "");
	if (kind == ERR_PERMISSION)
		error_append(
		    err, "; run: pillarbox --authorize %s", relay->name);
	else if (kind == ERR_CONFIG)
		error_append(err,
		    "; check client-id, client-secret-file and scope of "
		    "relay \"%s\"",
		    relay->name);
	return -1;
}
