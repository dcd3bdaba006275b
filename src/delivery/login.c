/* SPDX-License-Identifier: ISC */
/* AUTH with a password or a token. */
#include "delivery/login.h"

#include "base/limits.h"
#include "config/mechanism.h"
#include "delivery/bearer.h"
#include "delivery/hear.h"
#include "delivery/login_bound.h"
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
	int mechanism;
	struct sasl *sasl;    /* NULL: by a token */
	struct bearer bearer; /* then */
	struct buf line;      /* to be said next */
	struct buf answer;    /* to the next challenge; empty: not known yet */
};

bool
login_is_ours(const struct stream *s)
{
	const struct relay *relay = s->options->relay;
	bool by_sasl = (mechanism_built() & MECHANISM_ALL_SCRAM) != 0;

	return (by_sasl || (relay->auth & MECHANISM_ALL_TOKEN) != 0) &&
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
		set &= ~(MECHANISM_ALL_CLEAR | MECHANISM_ALL_TOKEN);
	return set;
}

static int
step(struct login *l, struct span challenge, struct error *err)
{
	if (l->sasl != NULL)
		return sasl_step(l->sasl, challenge, &l->answer, err);
	return bearer_step(
	    &l->bearer, challenge, &l->answer, l->stream->refusal, err);
}

/* AUTH, with the first answer if there is one and it fits. */
static int
begin(struct login *l, struct error *err)
{
	if (step(l, span("", 0), err) != 0)
		return -1;
	buf_printf(&l->line, "AUTH %s", mechanism_name(l->mechanism));
	/* RFC 4954 4: nothing, and said now. */
	if (l->mechanism == MECHANISM_EXTERNAL && l->answer.len == 0)
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

	/* What is longer may have been cut. Of a token it is only words. */
	if (r->octets > SASL_CHALLENGE_MAX && l->sasl != NULL)
		return error_set(err, ERR_PERMISSION,
		    "login failed: the relay's challenge is longer than any "
		    "may be");
	if (l->answer.len == 0 && step(l, challenge, err) != 0)
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
end(const struct login *l, struct error *err)
{
	bool done = l->sasl != NULL ? sasl_is_done(l->sasl)
				    : bearer_is_done(&l->bearer);

	if (done && l->answer.len == 0)
		return CURLE_OK;
	error_set(err, ERR_PERMISSION,
	    "login failed: %s says that it is done before %s is%s",
	    l->stream->target->host, mechanism_name(l->mechanism),
	    (MECHANISM_BIT(l->mechanism) & MECHANISM_ALL_SCRAM) != 0
		? "; it has not proved that it knows the "
		  "password, and nothing was sent to it"
		: "");
	return CURLE_AUTH_ERROR;
}

/* Can another answer be given to what it says? */
static bool
asks_for_more(const struct login *l)
{
	bool more = l->sasl != NULL ? !sasl_is_done(l->sasl)
				    : l->bearer.steps < BEARER_STEPS;

	return l->stream->greeting.reply.code == CODE_CHALLENGE &&
	       (l->answer.len > 0 || more);
}

static CURLcode
converse(struct login *l, struct error *err)
{
	CURLcode code;

	if (begin(l, err) != 0)
		return CURLE_AUTH_ERROR;
	while ((code = ask(l, err)) == CURLE_OK && asks_for_more(l))
		if (go_on(l, err) != 0)
			return CURLE_AUTH_ERROR;
	/* A token that is refused may be the last that it says of it. */
	if (code != CURLE_OK)
		return l->stream->refusal[0] ? CURLE_LOGIN_DENIED : code;
	return l->stream->greeting.reply.code == CODE_LOGGED_IN
		   ? end(l, err)
		   : CURLE_LOGIN_DENIED;
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

static int
begin_mechanism(struct login *l, struct error *err)
{
	const struct stream *s = l->stream;
	const struct sasl_options options = {
	    .mechanism = l->mechanism,
	    .host = s->target->host,
	    .user = s->options->relay->user,
	    .password = s->options->password,
	    .binding = &s->binding,
	};

	l->bearer = (struct bearer){
	    .mechanism = l->mechanism,
	    .user = s->options->relay->user,
	    .token = s->options->token,
	    .host = s->target->host,
	    .port = s->target->port,
	};
	if ((MECHANISM_BIT(l->mechanism) & MECHANISM_ALL_TOKEN) != 0)
		return 0;
	l->sasl = sasl_begin(&options, err);
	return l->sasl != NULL ? 0 : -1;
}

CURLcode
login(struct stream *s, struct error *err)
{
	struct login l = {
	    .stream = s, .mechanism = mechanism_choose(usable(s))};
	CURLcode code = CURLE_AUTH_ERROR;

	if (login_is_downgraded(s, l.mechanism, err))
		return CURLE_AUTH_ERROR;
	if (l.mechanism < 0)
		return CURLE_LOGIN_DENIED;
	hear_init(&l.hearing, s, STRANGE);
	l.hearing.proved = true;
	init_secret(&l.line, ANSWER_MAX + COMMAND_MAX);
	init_secret(&l.answer, ANSWER_MAX);
	if (begin_mechanism(&l, err) == 0)
		code = converse(&l, err);
	sasl_end(l.sasl);
	end_secret(&l.line);
	end_secret(&l.answer);
	buf_release(&l.hearing.in);
	s->mechanism = l.mechanism;
	s->bound = code == CURLE_OK && login_is_plus(l.mechanism);
	return code;
}
