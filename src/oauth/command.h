/* SPDX-License-Identifier: ISC */
/* The access token that a program of the administrator's prints. */
#ifndef OAUTH_COMMAND_H
#define OAUTH_COMMAND_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

/* Runs the relay's token-command, and appends what it prints to to, whose
 * ceiling is SECRET_MAX; the caller wipes it. ERR_CONFIG: it failed, or that is
 * no token; else as secret_read_command(). */
int command_token(const struct relay *relay, struct buf *to, struct error *err);

#endif
