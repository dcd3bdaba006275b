/* SPDX-License-Identifier: ISC */
/* What is wrong with the login. */
#include "delivery/fault_login.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/mechanism.h"
#include "message/base64.h"

#include <string.h>

/* RFC 7628 3.2.2: what is wrong with the token, as a challenge. libcurl does
 * not answer that of XOAUTH2, and hangs up. */
#define CODE_CHALLENGE 334

static int
say_mechanisms(const struct fault *f, struct error *err)
{
	struct buf ours;

	buf_init(&ours, KIB);
	mechanism_list(f->relay->auth, "", ", ", &ours);
	error_set(err, ERR_PERMISSION,
	    "login failed: %s offers only AUTH %s, and auth of this relay is "
	    "%s; nothing was sent",
	    f->target->host, f->greeting->caps.mechanisms, buf_text(&ours));
	buf_release(&ours);
	return -1;
}

/* Before anything was said of user and password. */
static int
not_begun(const struct fault *f, struct error *err)
{
	const struct greeting *g = f->greeting;

	if (g->caps.auth)
		return say_mechanisms(f, err);
	if (f->target->host[0] == '/')
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers no AUTH; nothing was sent",
		    f->target->host);
	return error_set(err, ERR_PERMISSION,
	    "login failed: %s offers no AUTH; nothing was sent; is "
	    "port %u the submission port?",
	    f->target->host, (unsigned)f->target->port);
}

/* "334 BASE64" in words; "" if it is none. */
static void
read_challenge(const struct reply *r, char *to, size_t size)
{
	struct span text = span_of(r->text);
	struct buf json;

	buf_init(&json, REPLY_MAX);
	if (text.len > 4 && base64_read(span_from(text, 4), &json))
		text_copy_printable(to, size, buf_span(&json));
	else
		to[0] = '\0';
	buf_release(&json);
}

/* It was refused for good, or not asked for. */
static int
by_token(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;
	char why[512];

	if (r->code != CODE_CHALLENGE && reply_class(r) < 4)
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers only AUTH %s, none of which takes "
		    "a token",
		    f->target->host, f->greeting->caps.mechanisms);
	if (r->code != CODE_CHALLENGE)
		return error_set(err, ERR_PERMISSION,
		    "login refused: %s; check user, and that it may send by "
		    "SMTP, or run: pillarbox --authorize %s",
		    r->text, f->relay->name);
	read_challenge(r, why, sizeof why);
	return error_set(err, ERR_PERMISSION,
	    "login refused: the token is not taken%s%s; check user and scope, "
	    "or run: pillarbox --authorize %s",
	    why[0] ? ": " : "", why, f->relay->name);
}

int
fault_login(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;

	bool token = f->relay->oauth != NULL && f->greeting->caps.auth;

	switch (reply_class(r)) {
	case 5:
		if (token)
			return by_token(f, err);
		return error_set(err, ERR_PERMISSION,
		    "login refused: %s; check %s", r->text,
		    mechanism_needs_password(f->relay->auth)
			? "user and password"
			: "tls-certificate, and user if there is one");
	case 4:
		return error_set(
		    err, ERR_TEMPORARY, "login not possible now: %s", r->text);
	default:
		break;
	}
	if (token && (!f->greeting->login || r->code == CODE_CHALLENGE))
		return by_token(f, err);
	if (!f->greeting->login)
		return not_begun(f, err);
	/* RFC 4954 4: 235, 334, or a refusal. */
	if (r->code == CODE_CHALLENGE)
		return error_set(err, ERR_TEMPORARY,
		    "login failed: %s asks for more (%s) after it was told "
		    "user and password; it neither took nor refused them",
		    f->target->host, r->text);
	return error_set(err, ERR_TEMPORARY,
	    "login failed: %s answers AUTH with what is no answer to it: %s",
	    f->target->host, r->text);
}

/* Not when SMTP is switched off for the mailbox, which Microsoft says by the
 * last of these. */
bool
fault_login_is_of_token(const struct fault *f)
{
	const struct reply *r = &f->greeting->reply;

	return r->code == CODE_CHALLENGE ||
	       (reply_class(r) == 5 && strcmp(r->status, "5.7.139") != 0);
}

bool
fault_login_is_open(const struct fault *f)
{
	const struct greeting *g = f->greeting;

	return mechanism_is_wanted(f->relay) && g->ehlo_wanted > 0 &&
	       g->ehlo_count >= g->ehlo_wanted && !g->logged_in;
}

int
fault_login_broken(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "login failed: %s broke it off without an answer (%s); it neither "
	    "took nor refused %s",
	    f->target->host, f->message,
	    f->relay->oauth ? "the token" : "user and password");
}
