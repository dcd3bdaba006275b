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

static int
open_in_tmp(struct store *s, const char *name)
{
	return openat(
	    s->tmp, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

/* Has a crashed writer left it? */
static bool
is_left(struct store *s, const char *name)
{
	int fd = name[0] != '.' ? open_in_tmp(s, name) : -1;
	bool left = fd >= 0 && !lock_is_held(fd);

	io_close(&fd);
	return left;
}

static bool
has_left_overs(struct store *s)
{
	DIR *folder = folder_list(s->tmp);
	struct dirent *d;
	bool found = false;

	if (folder == NULL)
		return true;
	while (!found && (d = readdir(folder)) != NULL)
		found = is_left(s, d->d_name);
	closedir(folder);
	return found;
}

/* Is it for reader? Nobody hears of what is not theirs. */
static bool
is_for(struct store *s, const struct queued *q, uid_t reader)
{
	struct error ignored;

	return reader == 0 || store_may_see(s, q, reader, &ignored) != 0;
}

bool
store_is_due(struct store *s, time_t when, uid_t reader)
{
	struct error ignored;
	struct queued q;
	struct walk w;
	bool due = false;
	int rc;

	if (walk_begin(&w, s, when, &ignored) != 0)
		return true;
	while (!due && (rc = walk_next(&w, &q, &ignored)) != 0)
		due = rc < 0 || (walk_time(&w, &q) && q.next <= when &&
				    is_for(s, &q, reader));
	walk_end(&w);
	if (due || reader != 0)
		return due;
	return has_left_overs(s) || place_is_wrong(s, clock_now());
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
		fd = open_in_tmp(s, d->d_name);
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
