/* SPDX-License-Identifier: ISC */
/* Away from the terminal and the descriptors of a caller. */
#ifndef BASE_SESSION_H
#define BASE_SESSION_H

#include "base/error.h"

/* How a helper works on where its caller cannot reach it. */
enum leave {
	LEAVE_SILENT,  /* its standard error stays the caller's */
	LEAVE_HEARD,   /* always a child, whose standard error is carried on */
	LEAVE_RESIDENT /* the same, and it ends when its parent is asked to */
};

/*
 * This process becomes the leader of a new session, away from the caller's
 * terminal, whose keys stop and end processes of any user. One that leads a
 * group already leaves that to a child, and ends as that does.
 *
 * What it says is carried on by its parent. Whoever does not read it makes only
 * that one wait: what finds no room is lost.
 *
 * A SIGTERM to the parent is passed on. What a terminal sends ends the parent
 * alone, which gives the terminal back; but of a resident it is passed on as a
 * SIGTERM, or it would stay for good, unseen. ERR_TEMPORARY.
 */
int session_leave(enum leave how, struct error *err);

#endif
