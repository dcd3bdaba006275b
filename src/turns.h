/* SPDX-License-Identifier: ISC */
/*
 * Turns between users in a flush of everybody's messages, so that what one has
 * queued delays nobody else for long: rounds, in each of which a user's
 * messages go to so many recipients. Who has used up more waits so many rounds
 * longer. With one user nothing waits.
 */
#ifndef TURNS_H
#define TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Recipients of one user in a round; the message that reaches it still goes. */
#define TURNS_BUDGET 200

struct turn {
	uid_t uid;
	size_t used; /* recipients, those of earlier rounds being over */
};

/* Begins as {0}. */
struct turns {
	struct turn *at;
	size_t count;
};

/* Is it the turn of uid in this round? */
bool turns_may(const struct turns *t, uid_t uid);

/* A message of uid goes out. */
void turns_use(struct turns *t, uid_t uid, size_t recipients);

/* Begins the next round. */
void turns_next(struct turns *t);

void turns_release(struct turns *t);

#endif
