/* SPDX-License-Identifier: ISC */
#ifndef SECRETS_H
#define SECRETS_H

#include "base/error.h"
#include "config/config.h"

/*
 * The verb of --secrets: reads each password, and the secret of each OAuth2
 * client, as a session would, and says a line for each that cannot be had, in
 * the words of secret.h. No command is run, since it may ask a person, but it
 * must be there; and credentials are left out where systemd has given none. And
 * a line for each relay with tls-dane where resolv.conf(5) trusts nobody.
 *
 * EX_OK, EX_CONFIG, or -1 with ERR_PERMISSION for who is not trusted.
 */
int secrets(const struct config *c, struct error *err);

#endif
