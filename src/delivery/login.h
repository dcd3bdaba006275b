/* SPDX-License-Identifier: ISC */
/*
 * AUTH (RFC 4954) by the strongest mechanism that the relay offers and its
 * settings allow: with a token, or in a build with libgsasl with a password.
 * Private to connect.c.
 */
#ifndef DELIVERY_LOGIN_H
#define DELIVERY_LOGIN_H

#include "delivery/stream_state.h"

/* Is it for login() to log in, and not for libcurl? */
bool login_is_ours(const struct stream *s);

/*
 * Logs in, behind EHLO: s->bound says whether the login is bound to the TLS
 * session. PLAIN takes one round trip, LOGIN and a long token two, SCRAM three.
 *
 * CURLE_LOGIN_DENIED: refused, or nothing that could be used is offered;
 * s->greeting and s->refusal say more. CURLE_AUTH_ERROR: err says it: the relay
 * is not what it should be. Else what libcurl would return, and s->message says
 * more.
 */
CURLcode login(struct stream *s, struct error *err);

#endif
