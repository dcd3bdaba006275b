/* SPDX-License-Identifier: ISC */
/*
 * The passwords of a relay and of its tls-key for as long as a session is
 * opened, and what a command said for as long as this flush lasts: to run it
 * may cost a person's finger on a key. What token-command says is a password
 * here.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "deliver.h"

/* Before any copy of this process is made. Memory for what is kept is shared
 * with the copies, which only read it, and is in no core dump. */
void password_init(struct post *post);

/*
 * Puts it into post->password, to be wiped by buf_wipe(). With anew, what is
 * kept does not count. 1: it is the one that was kept; -1: as secret_read(), or
 * command_token().
 */
int password_get(
    const struct courier *c, struct post *post, bool anew, struct error *err);

/* Wipes what is kept; in a copy it is the other process's. */
void password_forget(const struct courier *c, struct post *post);

/* The same two for that of tls-key, in post->key: it stays empty if it has
 * none. -1 also if others can read the key (secret_check_key()). */
int password_get_key(
    const struct courier *c, struct post *post, struct error *err);
void password_forget_key(const struct courier *c, struct post *post);

void password_release(struct post *post);

#endif
