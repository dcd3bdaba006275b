/* SPDX-License-Identifier: ISC */
/* A secret that a program prints. Private to config/. */
#ifndef CONFIG_SECRET_COMMAND_H
#define CONFIG_SECRET_COMMAND_H

#include "base/buf.h"
#include "base/error.h"

/*
 * Runs command, an argv, without a shell, and appends the first line of what it
 * prints to to, whose memory is all there already. Its environment is what
 * helpers of key stores need, and nothing else of ours; its input is empty.
 *
 * When our standard error is the terminal of somebody who may know, the command
 * is in front of it. Else it is in a process group of its own, of which nothing
 * is left when it has ended, and what it says on its standard error is passed
 * on without what it printed, to root and the owner; others hear nothing.
 *
 * setting names it in errors, which hold its name and status and nothing that
 * it said. ERR_CONFIG: it fails, or prints more than to holds. ERR_TEMPORARY:
 * it took longer than SECRET_COMMAND_MS.
 */
int secret_command(const char *setting, char *const *command, struct buf *to,
    struct error *err);

#endif
