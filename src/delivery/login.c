/* SPDX-License-Identifier: ISC */
/* AUTH with a password. */
#include "delivery/login.h"

#include "base/limits.h"
#include "config/mechanism.h"
#include "delivery/hear.h"
#include "delivery/sasl.h"

#define STRANGE "it says what is no reply of SMTP"

#define CODE_CHALLENGE 334
#define CODE_LOGGED_IN 235

/* RFC 5321 4.5.3.1.4, with CRLF: what of the answer does not fit behind AUTH
 * goes behind a challenge (RFC 4954 4). */
#define COMMAND_MAX 512

/* RFC 4954 4: a line of AUTH; a token may be longer, and is sent all the same.
 */
#define ANSWER_MAX (2 * SECRET_MAX)

struct login {
	struct stream *stream;
	struct hearing hearing;
	struct sasl *sasl;
	struct buf line;   /* to be said next */
	struct buf answer; /* to the next challenge; empty: not known yet */
};

static bool
is_plus(int m)
{
	return m >= 0 && (MECHANISM_BIT(m) & MECHANISM_ALL_PLUS) != 0;
}

bool
login_is_ours(const struct stream *s)
{
	const struct relay *relay = s->options->relay;

	return (relay->auth & MECHANISM_ALL_SCRAM) != 0 &&
	       mechanism_is_wanted(relay) && relay->protocol == PROTOCOL_SMTP;
}

/* What is offered, allowed, and can be used. */
static unsigned
usable(const struct stream *s)
{
	unsigned set = s->greeting.caps.auth_set & s->options->relay->auth;

	if (s->options->relay->user == NULL)
		set &= MECHANISM_BIT(MECHANISM_EXTERNAL);
	if (s->binding.kind == BINDING_NONE)
		set &= ~MECHANISM_ALL_PLUS;
	/* The settings forbid it, too; but that of all things is to be sure. */
	if (s->target->tls == TLS_NONE && s->target->host[0] != '/')
		set &= ~MECHANISM_ALL_CLEAR;
	return set;
}

/* AUTH, with the first answer if there is one and it fits. */
static int
begin(struct login *l, int m, struct error *err)
{
	const char *name = mechanism_name(m);

	if (sasl_step(l->sasl, span("", 0), &l->answer, err) != 0)
		return -1;
	buf_printf(&l->line, "AUTH %s", name);
	/* RFC 4954 4: nothing, and said now. */
	if (m == MECHANISM_EXTERNAL && l->answer.len == 0)
		buf_add_text(&l->line, " =");
	if (l->answer.len > 0 &&
	    l->line.len + 1 + l->answer.len + 2 <= COMMAND_MAX) {
		buf_add_byte(&l->line, ' ');
		buf_add_span(&l->line, buf_span(&l->answer));
		buf_wipe(&l->answer);
	}
	buf_add_text(&l->line, "\r\n");
	return 0;
}

static int
go_on(struct login *l, struct error *err)
{
	const struct reply *r = &l->stream->greeting.reply;
	struct span challenge = span_trim(span_from(span_of(r->text), 3));

	/* What is longer may have been cut. */
	if (r->octets > SASL_CHALLENGE_MAX)
		return error_set(err, ERR_PERMISSION,
		    "login failed: the relay's challenge is longer than any "
		    "may be");
	if (l->answer.len == 0 &&
	    sasl_step(l->sasl, challenge, &l->answer, err) != 0)
		return -1;
	buf_wipe(&l->line);
	buf_add_span(&l->line, buf_span(&l->answer));
	buf_add_text(&l->line, "\r\n");
	buf_wipe(&l->answer);
	return 0;
}

/* Says the line and hears the answer. */
static CURLcode
ask(struct login *l, struct error *err)
{
	CURLcode code;

	if (!buf_ok(&l->line)) {
		error_set(err, ERR_CONFIG, "user or password is too long");
		return CURLE_AUTH_ERROR;
	}
	code = hear_say(&l->hearing, buf_span(&l->line));
	return code == CURLE_OK ? hear(&l->hearing) : code;
}

static CURLcode
end(const struct login *l, int m, struct error *err)
{
	if (sasl_is_done(l->sasl) && l->answer.len == 0)
		return CURLE_OK;
	error_set(err, ERR_PERMISSION,
	    "login failed: %s says that it is done before %s is%s",
	    l->stream->target->host, mechanism_name(m),
	    (MECHANISM_BIT(m) & MECHANISM_ALL_SCRAM) != 0
		? "; it has not proved that it knows the "
		  "password, and nothing was sent to it"
		: "");
	return CURLE_AUTH_ERROR;
}

/* Can another answer be given to what it says? */
static bool
asks_for_more(const struct login *l)
{
	return l->stream->greeting.reply.code == CODE_CHALLENGE &&
	       (l->answer.len > 0 || !sasl_is_done(l->sasl));
}

static CURLcode
converse(struct login *l, int m, struct error *err)
{
	CURLcode code;

	if (begin(l, m, err) != 0)
		return CURLE_AUTH_ERROR;
	while ((code = ask(l, err)) == CURLE_OK && asks_for_more(l))
		if (go_on(l, err) != 0)
			return CURLE_AUTH_ERROR;
	if (code != CURLE_OK)
		return code;
	return l->stream->greeting.reply.code == CODE_LOGGED_IN
		   ? end(l, m, err)
		   : CURLE_LOGIN_DENIED;
}

static bool
was_bound(const struct stream *s)
{
	struct span rest = s->options->bound, place;

	while (span_cut(&rest, '\n', &place))
		if (span_same_nocase(place, span_of(s->place)))
			return true;
	return false;
}

/* Does somebody in between hide what the relay can? Where auth does not have it
 * the administrator does not want it. */
static bool
is_downgraded(const struct stream *s, int m, struct error *err)
{
	const struct capabilities *caps = &s->greeting.caps;

	if ((s->options->relay->auth & MECHANISM_ALL_PLUS) == 0 || is_plus(m) ||
	    !was_bound(s))
		return false;
	error_set(err, ERR_PERMISSION,
	    "login stopped: logins at %s were bound to TLS before "
	    "(SCRAM-...-PLUS), and now it offers AUTH %s%s; nothing was sent; "
	    "if whoever runs it says that this is right, write auth = {\"%s\"}",
	    s->place, caps->auth ? caps->mechanisms : "not at all",
	    (caps->auth_set & MECHANISM_ALL_PLUS) != 0
		? " on a connection that has nothing to bind to"
		: "",
	    m >= 0 ? mechanism_name(m) : "...");
	return true;
}

/* All of its memory at once: what grows leaves copies of itself behind. */
static void
init_secret(struct buf *b, size_t ceiling)
{
	buf_init(b, ceiling);
	buf_room(b, ceiling);
}

static void
end_secret(struct buf *b)
{
	buf_wipe(b);
	buf_release(b);
}

CURLcode
login(struct stream *s, struct error *err)
{
	int m = mechanism_choose(usable(s));
	const struct sasl_options options = {
	    .mechanism = m,
	    .host = s->target->host,
	    .user = s->options->relay->user,
	    .password = s->options->password,
	    .binding = &s->binding,
	};
	struct login l = {.stream = s};
	CURLcode code = CURLE_AUTH_ERROR;

	if (is_downgraded(s, m, err))
		return CURLE_AUTH_ERROR;
	if (m < 0)
		return CURLE_LOGIN_DENIED;
	hear_init(&l.hearing, s, STRANGE);
	l.hearing.proved = true;
	init_secret(&l.line, ANSWER_MAX + COMMAND_MAX);
	init_secret(&l.answer, ANSWER_MAX);
	l.sasl = sasl_begin(&options, err);
	if (l.sasl != NULL)
		code = converse(&l, m, err);
	sasl_end(l.sasl);
	end_secret(&l.line);
	end_secret(&l.answer);
	buf_release(&l.hearing.in);
	s->bound = code == CURLE_OK && is_plus(m);
	return code;
}
