/* SPDX-License-Identifier: ISC */
/* Passwords and tokens that a server gives back in what it says. */
#ifndef DELIVERY_HIDE_H
#define DELIVERY_HIDE_H

#include "config/config.h"

/*
 * Some servers quote the command that they refuse, and that is AUTH. Puts stars
 * in place of the relay's password or token and the proxy's password (each may
 * be NULL), as they are and as they are sent, in text, which gets no longer.
 */
void hide_login(const struct relay *relay, const char *password,
    const char *token, const char *proxy_password, char *text);

/* Puts stars in place of the secret (NULL: none), as it is and as it is sent,
 * in all that libcurl has (memory.h); but not if it has less than 7 octets. */
void hide_from_libcurl(const char *secret);

#endif
