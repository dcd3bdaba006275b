/* SPDX-License-Identifier: ISC */
/*
 * The password of a relay for as long as a session is opened, and what a
 * password-command said for as long as this flush lasts: to run it may cost a
 * person's finger on a key.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "deliver.h"

/* Before any copy of this process is made. Memory for what is kept is shared
 * with the copies, which only read it, and is in no core dump. */
void password_init(struct post *post);

/*
 * Puts it into post->password, to be wiped by buf_wipe(). With anew, what is
 * kept does not count. 1: it is the one that was kept; -1: as secret_read().
 */
int password_get(
    const struct courier *c, struct post *post, bool anew, struct error *err);

/* Wipes what is kept; in a copy it is the other process's. */
void password_forget(const struct courier *c, struct post *post);

void password_release(struct post *post);

#endif
