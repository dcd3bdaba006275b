/* SPDX-License-Identifier: ISC */
/* Before a flush: is there anything to do, and what is to be tidied up. */
#include "queue/store.h"

#include "base/clock.h"
#include "base/io.h"
#include "queue/folder.h"
#include "queue/lock.h"
#include "queue/place.h"
#include "queue/walk.h"

#include <fcntl.h>
#include <unistd.h>

/* Is anything in tmp? It may be what a crashed writer left. */
static bool
is_in_tmp(struct store *s)
{
	DIR *folder = folder_list(s->tmp);
	struct dirent *d;
	bool found = false;

	if (folder == NULL)
		return true;
	while (!found && (d = readdir(folder)) != NULL)
		found = d->d_name[0] != '.';
	closedir(folder);
	return found;
}

bool
store_is_due(struct store *s, time_t when)
{
	struct error ignored;
	struct queued q;
	struct walk w;
	bool due = false;

	if (walk_begin(&w, s, when, &ignored) != 0)
		return true;
	while (!due && walk_next(&w, &q))
		due = walk_time(&w, &q) && q.next <= when;
	walk_end(&w);
	return due || is_in_tmp(s) || place_is_wrong(s, clock_now());
}

static void
sweep_tmp(struct store *s)
{
	DIR *folder = folder_list(s->tmp);
	struct dirent *d;

	if (folder == NULL)
		return;
	while ((d = readdir(folder)) != NULL) {
		int fd;

		if (d->d_name[0] == '.')
			continue;
		fd = openat(s->tmp, d->d_name,
		    O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
		if (fd >= 0 && lock_try(fd))
			unlinkat(s->tmp, d->d_name, 0);
		io_close(&fd);
	}
	closedir(folder);
}

void
store_sweep(struct store *s)
{
	time_t now = clock_now();

	sweep_tmp(s);
	place_mend(s, now);
	place_tidy(s, now);
}
