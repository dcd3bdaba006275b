/* SPDX-License-Identifier: ISC */
/* Passwords that a server gives back. */
#include "delivery/hide.h"

#include "base/buf.h"
#include "base/text.h"
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

void
hide_login(const struct relay *relay, const char *password,
    const char *proxy_password, char *text)
{
	if (relay->user != NULL && password != NULL) {
		hide_both(true, relay->user, password, text);
		hide(span_of(password), text);
	}
	if (relay->proxy_user != NULL && proxy_password != NULL) {
		hide_both(false, relay->proxy_user, proxy_password, text);
		hide(span_of(proxy_password), text);
	}
}
