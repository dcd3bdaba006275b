/* SPDX-License-Identifier: ISC */
/* What is wrong with the login. */
#include "delivery/fault_login.h"

#include "base/limits.h"
#include "config/mechanism.h"
#include "delivery/fault_hint.h"

#define CODE_CHALLENGE 334
#define CODE_REFUSED 535

/* Of what a server says, so that what to do finds room behind it. */
#define SAID "%.400s"

static int
say_mechanisms(const struct fault *f, const char *of, struct error *err)
{
	struct buf ours;

	buf_init(&ours, KIB);
	mechanism_list(f->relay->auth, "", ", ", &ours);
	error_set(err, ERR_PERMISSION,
	    "login failed: %s offers only AUTH %s, and %s is %s; nothing was "
	    "sent",
	    f->target->host, f->greeting->caps.mechanisms, of, buf_text(&ours));
	buf_release(&ours);
	return -1;
}

static int
not_by_token(const struct fault *f, struct error *err)
{
	const struct capabilities *caps = &f->greeting->caps;

	if ((caps->auth_set & MECHANISM_ALL_TOKEN) != 0)
		return say_mechanisms(f, "how this relay takes a token", err);
	return error_set(err, ERR_PERMISSION,
	    "login failed: %s offers only AUTH %s, none of which takes a "
	    "token; nothing was sent",
	    f->target->host, caps->mechanisms);
}

/* Before anything was said of user and password. */
static int
not_begun(const struct fault *f, struct error *err)
{
	const struct greeting *g = f->greeting;

	if (f->relay->oauth != NULL && g->caps.auth)
		return not_by_token(f, err);
	if (g->caps.auth)
		return say_mechanisms(f, "auth of this relay", err);
	if (f->target->host[0] == '/')
		return error_set(err, ERR_PERMISSION,
		    "login failed: %s offers no AUTH; nothing was sent",
		    f->target->host);
	return error_set(err, ERR_PERMISSION,
	    "login failed: %s offers no AUTH; nothing was sent; is "
	    "port %u the submission port?",
	    f->target->host, (unsigned)f->target->port);
}

/* What to do when a token is refused. */
static int
add_way_out(const struct fault *f, struct error *err)
{
	switch (f->relay->oauth->grant) {
	case GRANT_COMMAND:
		return error_append(
		    err, "; check user, and what token-command prints");
	case GRANT_CLIENT:
		return error_append(err,
		    "; check user, scope, and whether the client may send as "
		    "that user by SMTP");
	default:
		return error_append(err,
		    "; check user and scope, and whether it may send by SMTP, "
		    "or run: pillarbox --authorize %s",
		    f->relay->name);
	}
}

/* It was refused for good. */
static int
by_token(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;
	const char *hint = fault_hint(r, true);

	/* It may end with the challenge. */
	error_set(err, ERR_PERMISSION, "login refused: " SAID,
	    reply_class(r) == 5 ? r->text : "the token is not taken");
	if (f->refusal[0] != '\0')
		error_append(err, "; of the token it says %s", f->refusal);
	return hint != NULL ? error_append(err, "; %s", hint)
			    : add_way_out(f, err);
}

/* Servers that keep a hash of another kind offer SCRAM, and refuse everybody.
 * Not where the login was bound to TLS: then it may be for who is in between.
 */
static bool
may_be_of_scram(const struct fault *f)
{
	unsigned scram = MECHANISM_ALL_SCRAM & ~MECHANISM_ALL_PLUS;

	return f->greeting->reply.code == CODE_REFUSED && f->mechanism >= 0 &&
	       (MECHANISM_BIT(f->mechanism) & scram) != 0 &&
	       (f->greeting->caps.auth_set & MECHANISM_ALL_CLEAR) != 0;
}

static int
by_password(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;
	const char *hint = fault_hint(r, false);

	error_set(err, ERR_PERMISSION, "login refused: " SAID "; ", r->text);
	if (hint != NULL)
		return error_append(err, "%s", hint);
	error_append(err, "check %s",
	    mechanism_needs_password(f->relay->auth)
		? "user and password"
		: "tls-certificate, and user if there is one");
	if (!may_be_of_scram(f))
		return -1;
	return error_append(err,
	    "; if they are right, %s may not keep that password in the form "
	    "that %s needs: then write auth = {\"%s\"}",
	    f->target->host, mechanism_name(f->mechanism),
	    mechanism_name(mechanism_choose(
		f->greeting->caps.auth_set & MECHANISM_ALL_CLEAR)));
}

/* RFC 4954 4: 235, 334, or a refusal. */
static int
strange(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;

	if (r->code == CODE_CHALLENGE)
		return error_set(err, ERR_TEMPORARY,
		    "login failed: %s asks for more (" SAID
		    ") after it was told user and password; it neither took "
		    "nor refused them",
		    f->target->host, r->text);
	return error_set(err, ERR_TEMPORARY,
	    "login failed: %s answers AUTH with what is no answer to it: " SAID,
	    f->target->host, r->text);
}

int
fault_login(const struct fault *f, struct error *err)
{
	const struct reply *r = &f->greeting->reply;

	if (reply_class(r) == 4)
		return error_set(err, ERR_TEMPORARY,
		    "login not possible now: " SAID "%s%s", r->text,
		    f->refusal[0] ? "; of the token it says " : "", f->refusal);
	if (reply_class(r) == 5 && f->relay->oauth == NULL)
		return by_password(f, err);
	if (reply_class(r) == 5 || f->refusal[0] != '\0')
		return by_token(f, err);
	return f->greeting->login ? strange(f, err) : not_begun(f, err);
}

bool
fault_login_is_of_token(const struct fault *f)
{
	const struct reply *r = &f->greeting->reply;

	if (reply_class(r) == 4)
		return false;
	return reply_class(r) == 5 ? fault_hint(r, true) == NULL
				   : f->refusal[0] != '\0';
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
