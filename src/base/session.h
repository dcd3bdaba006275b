/* SPDX-License-Identifier: ISC */
/* Away from the terminal and the descriptors of a caller. */
#ifndef BASE_SESSION_H
#define BASE_SESSION_H

#include "base/error.h"

#include <stdbool.h>

/*
 * This process becomes the leader of a new session, away from the caller's
 * terminal, whose keys stop and end processes of any user. One that leads a
 * group already leaves that to a child, and ends as that does.
 *
 * apart: always a child; and what it says on standard error is carried on by
 * its parent. Whoever does not read it makes only that one wait: what finds no
 * room is lost.
 *
 * A SIGTERM to the parent is passed on; what a terminal sends to it is not.
 * ERR_TEMPORARY.
 */
int session_leave(bool apart, struct error *err);

#endif
