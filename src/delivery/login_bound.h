/* SPDX-License-Identifier: ISC */
/* Logins that are bound to the TLS session, so that nobody can have passed them
 * on. Private to login.c. */
#ifndef DELIVERY_LOGIN_BOUND_H
#define DELIVERY_LOGIN_BOUND_H

#include "delivery/stream_state.h"

/* Is it by a mechanism that binds it? m is one, or -1. */
bool login_is_plus(int m);

/* Were logins at this place bound before, and that by m would not be, though
 * auth allows it? Then ERR_PERMISSION. */
bool login_is_downgraded(const struct stream *s, int m, struct error *err);

#endif
