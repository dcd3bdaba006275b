/* SPDX-License-Identifier: ISC */
/* Folders in later/ whose times a wrong clock has set. */
#include "queue/place.h"

#include "queue/schedule.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* Times that are over for so many folders. */
#define MENDED_MAX 1000

/* The folder behind *t that a wrong clock has set. */
static bool
next_wrong(struct store *s, time_t now, time_t *t)
{
	char name[PLACE_SIZE];
	struct stat st;

	while (place_next(s, STORE_NEVER - 1, t)) {
		place_name(*t, "", name);
		if (*t > now + PLACE_AHEAD ||
		    (fstatat(s->root, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			schedule_believe(*t, st.st_ctime, now) != *t))
			return true;
	}
	return false;
}

bool
place_is_wrong(struct store *s, time_t now)
{
	time_t t = 0;

	return next_wrong(s, now, &t) || place_is_unknown();
}

/* What lies there is due by its own time, which the same clock has set. Some
 * time is free, or its folder empty. */
void
place_mend(struct store *s, time_t now)
{
	char old[PLACE_SIZE], new[PLACE_SIZE];
	time_t t = MENDED_MAX;

	while (next_wrong(s, now, &t)) {
		int rc = -1;

		place_name(t, "", old);
		for (time_t free = 1; rc != 0 && free <= MENDED_MAX; free++) {
			place_name(free, "", new);
			rc = renameat(s->root, old, s->root, new);
		}
	}
}
