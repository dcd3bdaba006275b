/* SPDX-License-Identifier: ISC */
/* Tokens as they are kept. */
#include "oauth/token.h"

#include "base/limits.h"
#include "oauth/form.h"
#include "oauth/members.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AT(member) offsetof(struct token, member)

static const struct member members[] = {
    {"of", MEMBER_TEXT, AT(of)},
    {"access_token", MEMBER_WORD, AT(access_token)},
    {"refresh_token", MEMBER_TEXT, AT(refresh_token)},
    {"refresh_token_before", MEMBER_TEXT, AT(refresh_token_before)},
    {"given_up", MEMBER_FREE, AT(given_up)},
    {"obtained", MEMBER_NUMBER, AT(obtained)},
    {"expires", MEMBER_NUMBER, AT(expires)},
    {"serial", MEMBER_NUMBER, AT(serial)},
};

#define COUNT (sizeof members / sizeof members[0])

/* Of a token whose giver does not say: what most have. */
#define USUAL_LIFE 3600

/* No token is good for longer than that, whatever is said. */
#define LONGEST_LIFE ((int64_t)366 * 24 * 3600)

/* Before its end it is not used any more: clocks differ, and a session takes
 * time. */
#define MARGIN 300

void
token_identity(const struct relay *relay, struct buf *to)
{
	const struct oauth *o = relay->oauth;

	form_add(to, "endpoint", o->token_endpoint);
	form_add(to, "client", o->client_id);
	form_add(to, "scope", o->scope);
	form_add(to, "login", o->login ? o->login : relay->user);
}

int
token_read(struct token *t, struct span text, struct error *err)
{
	return members_read(members, COUNT, t, text, err);
}

void
token_write(const struct token *t, struct buf *to)
{
	members_write(members, COUNT, t, to);
}

void
token_release(struct token *t)
{
	members_release(members, COUNT, t);
}

bool
token_is_good(const struct token *t, time_t now)
{
	int64_t life = t->expires - t->obtained;
	int64_t margin = life / 5 < MARGIN ? life / 5 : MARGIN;

	return t->access_token != NULL && life > 0 && t->obtained <= now &&
	       now < t->expires - margin;
}

static void
drop(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static void
set(char **to, const char *text)
{
	/* They may be one and the same. */
	char *copy = must_strdup(text);

	drop(to);
	*to = copy;
}

void
token_set_identity(struct token *t, const struct relay *relay)
{
	struct buf identity;

	buf_init(&identity, OAUTH_REPLY_MAX);
	token_identity(relay, &identity);
	set(&t->of, buf_text(&identity));
	buf_release(&identity);
}

void
token_take_refresh(struct token *t, const char *used, const char *given)
{
	if (used == NULL || (given != NULL && strcmp(given, used) == 0))
		drop(&t->refresh_token_before);
	else if (given != NULL)
		set(&t->refresh_token_before, used);
	if (given != NULL)
		set(&t->refresh_token, given);
	else if (used != NULL && used != t->refresh_token)
		set(&t->refresh_token, used);
	/* It has worked just now. */
	if (given == NULL)
		drop(&t->refresh_token_before);
}

int
token_take(struct token *t, const char *used, const struct answer *a,
    time_t when, struct error *err)
{
	int64_t life = a->expires_in > 0 ? a->expires_in : USUAL_LIFE;

	if (a->access_token == NULL)
		return error_set(err, ERR_TEMPORARY,
		    "there is no access_token in the answer");
	if (a->token_type != NULL && strcasecmp(a->token_type, "bearer") != 0)
		return error_set(err, ERR_TEMPORARY,
		    "the token is of type \"%.20s\", not \"Bearer\"",
		    a->token_type);
	set(&t->access_token, a->access_token);
	token_take_refresh(t, used, a->refresh_token);
	drop(&t->given_up);
	t->obtained = when;
	t->expires = when + (life < LONGEST_LIFE ? life : LONGEST_LIFE);
	return 0;
}
