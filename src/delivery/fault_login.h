/* SPDX-License-Identifier: ISC */
/* What is wrong with the login, in one line. Private to delivery/. */
#ifndef DELIVERY_FAULT_LOGIN_H
#define DELIVERY_FAULT_LOGIN_H

#include "delivery/fault.h"

#include <stdbool.h>

/* Not offered, not by a mechanism of ours, or refused; -1 with err set, whose
 * kind is ERR_PERMISSION unless it may be otherwise later. */
int fault_login(const struct fault *f, struct error *err);

/* Does the refusal speak of the token, so that another may be taken? */
bool fault_login_is_of_token(const struct fault *f);

/* Was it for the server to answer AUTH? */
bool fault_login_is_open(const struct fault *f);

/* The server went away, or said what is no reply, where it was to answer AUTH;
 * -1 with ERR_TEMPORARY. */
int fault_login_broken(const struct fault *f, struct error *err);

#endif
