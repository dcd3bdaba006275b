/* SPDX-License-Identifier: ISC */
/* Logins with a token. */
#include "delivery/bearer.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/mechanism.h"
#include "message/base64.h"

/* RFC 7628 3.1: what parts the fields, and ends them. */
#define CTRL_A "\1"

/* Longer than any; the token has most of it. */
#define MESSAGE_MAX (2 * SECRET_MAX)

/* RFC 5801 4: a saslname. */
static void
add_name(struct buf *to, const char *name)
{
	for (; *name != '\0'; name++)
		if (*name == ',')
			buf_add_text(to, "=2C");
		else if (*name == '=')
			buf_add_text(to, "=3D");
		else
			buf_add_byte(to, *name);
}

static void
begin_oauthbearer(const struct bearer *b, struct buf *to)
{
	buf_add_text(to, "n,a=");
	add_name(to, b->user);
	buf_add_text(to, "," CTRL_A);
	if (b->host[0] != '/')
		buf_printf(
		    to, "host=%s" CTRL_A "port=%u" CTRL_A, b->host, b->port);
}

static void
begin_xoauth2(const struct bearer *b, struct buf *to)
{
	buf_add_text(to, "user=");
	buf_add_text(to, b->user);
	buf_add_text(to, CTRL_A);
}

/* All of its memory at once: what grows leaves copies of itself behind. */
static int
say_token(const struct bearer *b, struct buf *answer, struct error *err)
{
	struct buf message;
	bool fits;

	buf_init(&message, MESSAGE_MAX);
	buf_room(&message, MESSAGE_MAX);
	if (b->mechanism == MECHANISM_OAUTHBEARER)
		begin_oauthbearer(b, &message);
	else
		begin_xoauth2(b, &message);
	buf_add_text(&message, "auth=Bearer ");
	buf_add_text(&message, b->token);
	buf_add_text(&message, CTRL_A CTRL_A);
	base64_add(buf_span(&message), answer);
	fits = buf_ok(&message) && buf_ok(answer);
	buf_wipe(&message);
	buf_release(&message);
	return fits ? 0 : error_set(err, ERR_CONFIG, "user is too long");
}

/* RFC 7628 3.2.2: JSON. What was cut before still has its beginning. */
static void
read_refusal(struct span challenge, char refusal[BEARER_REFUSAL_SIZE])
{
	struct buf json;

	challenge.len -= challenge.len % 4;
	buf_init(&json, REPLY_TEXT_MAX);
	if (!base64_read(challenge, &json) || json.len == 0)
		buf_add_text(&json, "(without a reason)");
	text_copy_printable(refusal, BEARER_REFUSAL_SIZE, buf_span(&json));
	buf_release(&json);
}

int
bearer_step(struct bearer *b, struct span challenge, struct buf *answer,
    char refusal[BEARER_REFUSAL_SIZE], struct error *err)
{
	if (b->steps++ == 0)
		return say_token(b, answer, err);
	read_refusal(challenge, refusal);
	/* RFC 7628 3.2.3; for XOAUTH2 it is nothing at all. */
	if (b->mechanism == MECHANISM_OAUTHBEARER)
		base64_add(span_of(CTRL_A), answer);
	return 0;
}

bool
bearer_is_done(const struct bearer *b)
{
	return b->steps == 1;
}
