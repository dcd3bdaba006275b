/* SPDX-License-Identifier: ISC */
/* Turns between users. */
#include "turns.h"

#include "base/buf.h"

#include <stdlib.h>

static struct turn *
find(const struct turns *t, uid_t uid)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->at[i].uid == uid)
			return &t->at[i];
	return NULL;
}

bool
turns_may(const struct turns *t, uid_t uid)
{
	const struct turn *turn = find(t, uid);

	return turn == NULL || turn->used < TURNS_BUDGET;
}

void
turns_use(struct turns *t, uid_t uid, size_t recipients)
{
	struct turn *turn = find(t, uid);

	if (turn == NULL) {
		t->at = must_realloc(t->at, t->count + 1, sizeof t->at[0]);
		turn = &t->at[t->count++];
		*turn = (struct turn){.uid = uid};
	}
	turn->used += recipients;
}

void
turns_next(struct turns *t)
{
	for (size_t i = 0; i < t->count; i++)
		t->at[i].used -=
		    t->at[i].used < TURNS_BUDGET ? t->at[i].used : TURNS_BUDGET;
}

void
turns_release(struct turns *t)
{
	free(t->at);
	*t = (struct turns){0};
}
