/* SPDX-License-Identifier: ISC */
/* The proxy of a relay: "socks5h://user:password@host:port" or "http://". */
#ifndef CONFIG_PROXY_H
#define CONFIG_PROXY_H

#include <stdbool.h>

/* Is it such a text, with a port, and with or without a login? */
bool proxy_is_valid(const char *proxy);

/* Where it is, "host:port": the part of the text that can be shown. */
const char *proxy_place(const char *proxy);

/* Does it have a login, or just a password, in it? */
bool proxy_has_user(const char *proxy);
bool proxy_has_password(const char *proxy);

/* Puts stars in its place. */
void proxy_forget_password(char *proxy);

#endif
