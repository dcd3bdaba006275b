/* SPDX-License-Identifier: ISC */
/* The password of a relay, from where the configuration says it is. */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

#include <stdbool.h>

/*
 * Reads the password into to, whose memory is wiped by buf_wipe() when done;
 * it needs a ceiling of SECRET_MAX. One line end at its end is not part of it.
 *
 * ERR_CONFIG: a file that others can read or that is not there, a command
 * that fails (its name and status, never its output), or an empty secret; the
 * setting and what it names stand in err.
 * ERR_TEMPORARY: the command took longer than SECRET_COMMAND_MS.
 */
int secret_read(const struct relay *relay, struct buf *to, struct error *err);

/* The same for proxy-password-file; nothing, if the relay has none. */
int secret_read_proxy(
    const struct relay *relay, struct buf *to, struct error *err);

/* The same for the password of tls-key; nothing, if the relay has none. */
int secret_read_key(
    const struct relay *relay, struct buf *to, struct error *err);

/* Is tls-key, or the certificate's file if it stands there, for nobody else to
 * read? ERR_CONFIG. What is in a token is not looked at. */
int secret_check_key(const struct relay *relay, struct error *err);

/* The same of any file, and of what any command prints (secret_command.h); name
 * is the setting's, for errors. */
int secret_read_file(
    const char *name, const char *path, struct buf *to, struct error *err);
int secret_read_command(
    const char *name, char *const *command, struct buf *to, struct error *err);

/* Has the relay a password? */
bool secret_is_there(const struct relay *relay);

/* Has its tls-key one? */
bool secret_key_is_there(const struct relay *relay);

#endif
