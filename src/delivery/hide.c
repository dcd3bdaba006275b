/* SPDX-License-Identifier: ISC */
/* Passwords and tokens that a server gives back. */
#include "delivery/hide.h"

#include "base/buf.h"
#include "base/text.h"
#include "delivery/memory.h"
#include "message/base64.h"

/* The bytes, and their code. */
static void
hide(struct span secret, char *text)
{
	struct buf code;

	buf_init(&code, 4 * SECRET_MAX);
	buf_room(&code, 2 * secret.len + 4);
	base64_add(secret, &code);
	text_hide(text, buf_span(&code));
	text_hide(text, secret);
	buf_wipe(&code);
	buf_release(&code);
}

/* Of RFC 4616 (PLAIN), or of RFC 7617 (a proxy's Basic). */
static void
hide_both(bool plain, const char *user, const char *password, char *text)
{
	struct buf both;

	buf_init(&both, 2 * SECRET_MAX);
	buf_room(&both, strlen(user) + strlen(password) + 2);
	if (plain)
		buf_add_byte(&both, '\0');
	buf_add_text(&both, user);
	buf_add_byte(&both, plain ? '\0' : ':');
	buf_add_text(&both, password);
	if (buf_ok(&both))
		hide(buf_span(&both), text);
	buf_wipe(&both);
	buf_release(&both);
}

/*
 * Whatever a mechanism puts around it: in base64 it begins at one of three
 * places of a group. The digits that it shares with what is around it are no
 * more than two bits of it on either side.
 */
static void
hide_anywhere(
    struct span secret, void (*hide_one)(char *, struct span), char *text)
{
	struct buf part, code;

	buf_init(&part, 2 * SECRET_MAX);
	buf_room(&part, secret.len + 2);
	buf_init(&code, 4 * SECRET_MAX);
	buf_room(&code, 2 * secret.len + 8);
	for (size_t before = 0; before < 3; before++) {
		size_t shared = (before * 8 + 5) / 6;

		buf_wipe(&part);
		buf_wipe(&code);
		buf_add(&part, "\0\0", before);
		buf_add_span(&part, secret);
		base64_add(buf_span(&part), &code);
		hide_one(
		    text, span(code.at + shared, part.len * 8 / 6 - shared));
	}
	hide_one(text, secret);
	buf_wipe(&part);
	buf_release(&part);
	buf_wipe(&code);
	buf_release(&code);
}

void
hide_login(const struct relay *relay, const char *password, const char *token,
    const char *proxy_password, char *text)
{
	if (relay->user != NULL && password != NULL) {
		hide_both(true, relay->user, password, text);
		hide(span_of(password), text);
	}
	if (token != NULL && token[0] != '\0')
		hide_anywhere(span_of(token), text_hide, text);
	if (relay->proxy_user != NULL && proxy_password != NULL) {
		hide_both(false, relay->proxy_user, proxy_password, text);
		hide(span_of(proxy_password), text);
	}
}

static void
forget(char *unused, struct span secret)
{
	(void)unused;
	/* Fewer may stand in a pointer by chance. */
	if (secret.len >= 7)
		memory_forget(secret);
}

void
hide_from_libcurl(const char *secret)
{
	if (secret != NULL && secret[0] != '\0')
		hide_anywhere(span_of(secret), forget, NULL);
}
