/* SPDX-License-Identifier: ISC */
/* What is wrong with the login. */
#include "delivery/fault_login.h"

#include "base/limits.h"
#include "config/mechanism.h"

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

int
fault_login(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;

	switch (reply_class(r)) {
	case 5:
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

	return mechanism_is_wanted(f->relay) && g->ehlo_wanted > 0 &&
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
