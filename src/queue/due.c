/* SPDX-License-Identifier: ISC */
/*
 * What is due. All names are looked at, and the times of all, but nothing is
 * kept of what is not due: of 100,000 that wait, one stat(2) each.
 */
#include "queue/store.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "queue/folder.h"
#include "queue/schedule.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

time_t
store_time_of_next(const struct stat *st)
{
	return schedule_believe(st->st_mtime, st->st_ctime, clock_now());
}

/* The next entry in folder that is due at when; false: no more. */
static bool
next_due(struct store *s, DIR *folder, time_t when, struct queued *q)
{
	struct dirent *d;
	struct stat st;

	while ((d = readdir(folder)) != NULL) {
		struct span name = span_of(d->d_name);

		if (!id_is_valid(name) ||
		    fstatat(s->queue, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		q->next = store_time_of_next(&st);
		text_copy(q->id, sizeof q->id, name);
		if (q->next <= when)
			return true;
	}
	return false;
}

static int
by_id(const void *a, const void *b)
{
	const struct queued *one = a, *two = b;

	return strcmp(one->id, two->id);
}

int
store_due(struct store *s, time_t when, struct queued **list, size_t *count,
    struct error *err)
{
	DIR *folder = folder_list(s->queue);
	size_t allocated = 0;
	struct queued q;

	*list = NULL;
	*count = 0;
	if (folder == NULL)
		return error_errno(err, ERR_IO, "%s/queue", s->path);
	while (next_due(s, folder, when, &q)) {
		if (*count == allocated) {
			allocated = allocated ? 2 * allocated : 64;
			*list =
			    must_realloc(*list, allocated, sizeof(*list)[0]);
		}
		(*list)[(*count)++] = q;
	}
	closedir(folder);
	if (*count > 0)
		qsort(*list, *count, sizeof(*list)[0], by_id);
	return 0;
}

/* Is anything in tmp? It may be what a crashed writer left (store_sweep()). */
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
	DIR *folder = folder_list(s->queue);
	struct queued q;
	bool due;

	if (folder == NULL)
		return true;
	due = next_due(s, folder, when, &q);
	closedir(folder);
	return due || is_in_tmp(s);
}
