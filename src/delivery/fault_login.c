/* SPDX-License-Identifier: ISC */
/* What is wrong with the login. */
#include "delivery/fault_login.h"

/* Before anything was said of user and password. */
static int
not_begun(const struct fault *f, struct error *err)
{
	const struct greeting *g = f->greeting;

	if (g->caps.auth)
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers only AUTH %s, none of which can "
		    "be used with a password",
		    f->target->host, g->caps.mechanisms);
	if (f->target->host[0] == '/')
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers no AUTH; nothing was sent",
		    f->target->host);
	return error_set(err, ERR_PERMISSION,
	    "login failed: %s offers no AUTH; nothing was sent; is "
	    "port %u the submission port?",
	    f->target->host, (unsigned)f->target->port);
}

int
fault_login(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;

	switch (reply_class(r)) {
	case 5:
		return error_set(err, ERR_PERMISSION,
		    "login refused: %s; check user and password", r->text);
	case 4:
		return error_set(
		    err, ERR_TEMPORARY, "login not possible now: %s", r->text);
	default:
		break;
	}
	if (!f->greeting->login)
		return not_begun(f, err);
	/* RFC 4954 4: 235, 334, or a refusal. */
	if (r->code == 334)
		return error_set(err, ERR_TEMPORARY,
		    "login failed: %s asks for more (%s) after it was told "
		    "user and password; it neither took nor refused them",
		    f->target->host, r->text);
	return error_set(err, ERR_TEMPORARY,
	    "login failed: %s answers AUTH with what is no answer to it: %s",
	    f->target->host, r->text);
}

bool
fault_login_is_open(const struct fault *f)
{
	const struct greeting *g = f->greeting;

	return f->relay->user != NULL && g->ehlo_wanted > 0 &&
	       g->ehlo_count >= g->ehlo_wanted && !g->logged_in;
}

int
fault_login_broken(const struct fault *f, struct error *err)
{
	return error_set(err, ERR_TEMPORARY,
	    "login failed: %s broke it off without an answer (%s); it neither "
	    "took nor refused user and password",
	    f->target->host, f->message);
}
