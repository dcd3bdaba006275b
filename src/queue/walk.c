/* SPDX-License-Identifier: ISC */
/*
 * What is in the queue, and what of it is due: all names of queue/ are looked
 * at, and their times, and what lies in later/ when its time has come.
 */
#include "queue/walk.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "queue/folder.h"
#include "queue/place.h"
#include "queue/schedule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

int
walk_begin(struct walk *w, struct store *s, time_t when, struct error *err)
{
	*w = (struct walk){
	    .store = s, .when = when, .folder = folder_list(s->queue)};
	if (w->folder == NULL)
		return error_errno(err, ERR_IO, "%s/queue", s->path);
	return 0;
}

void
walk_end(struct walk *w)
{
	if (w->folder != NULL)
		closedir(w->folder);
	w->folder = NULL;
}

static int
fail(const struct walk *w, struct error *err)
{
	char name[PLACE_SIZE];

	place_name(w->not_before, "", name);
	return error_errno(
	    err, ERR_IO, "%s/%s: cannot read", w->store->path, name);
}

static int
next_place(struct walk *w, struct error *err)
{
	walk_end(w);
	while (w->folder == NULL) {
		if (!place_next(w->store, w->when, &w->not_before))
			return place_is_unknown() ? fail(w, err) : 0;
		w->folder = place_list(w->store, w->not_before);
		/* It may be gone by now, and need not be a folder. */
		if (w->folder == NULL && place_is_unknown())
			return fail(w, err);
	}
	return 1;
}

int
walk_next(struct walk *w, struct queued *q, struct error *err)
{
	int rc;

	do {
		struct dirent *d;

		for (errno = 0; (d = readdir(w->folder)) != NULL; errno = 0) {
			struct span name = span_of(d->d_name);

			if (!id_is_valid(name))
				continue;
			text_copy(q->id, sizeof q->id, name);
			q->next = 0;
			q->not_before = w->not_before;
			return 1;
		}
		/* ENOENT: the folder has been removed meanwhile. */
		if (errno != 0 && errno != ENOENT)
			return fail(w, err);
	} while ((rc = next_place(w, err)) > 0);
	return rc;
}

time_t
store_time_of_next(const struct stat *st)
{
	return schedule_believe(st->st_mtime, st->st_ctime, clock_now());
}

bool
walk_time(const struct walk *w, struct queued *q)
{
	struct stat st;

	if (fstatat(dirfd(w->folder), q->id, &st, AT_SYMLINK_NOFOLLOW) == 0)
		q->next = store_time_of_next(&st);
	else if (errno == ENOENT)
		return false;
	return true;
}

struct list {
	struct queued *at;
	size_t count;
	size_t allocated;
};

static void
add(struct list *l, const struct queued *q)
{
	if (l->count == l->allocated) {
		l->allocated = l->allocated ? 2 * l->allocated : 64;
		l->at = must_realloc(l->at, l->allocated, sizeof l->at[0]);
	}
	l->at[l->count++] = *q;
}

static int
by_id(const void *a, const void *b)
{
	const struct queued *one = a, *two = b;

	return strcmp(one->id, two->id);
}

/* In order, and once also what moved before our eyes. */
static void
sort(struct list *l)
{
	size_t kept = 0;

	if (l->count > 0)
		qsort(l->at, l->count, sizeof l->at[0], by_id);
	for (size_t i = 0; i < l->count; i++)
		if (i == 0 || by_id(&l->at[i], &l->at[i - 1]) != 0)
			l->at[kept++] = l->at[i];
	l->count = kept;
}

/* Those that are due at when; or, by their names alone, all. */
static int
collect(
    struct store *s, time_t when, bool all, struct list *l, struct error *err)
{
	struct queued q;
	struct walk w;
	int rc;

	if (walk_begin(&w, s, when, err) != 0)
		return -1;
	while ((rc = walk_next(&w, &q, err)) > 0)
		if (all || (walk_time(&w, &q) && q.next <= when))
			add(l, &q);
	walk_end(&w);
	return rc;
}

static int
hand_over(struct list *l, int rc, struct queued **list, size_t *count)
{
	if (rc != 0) {
		free(l->at);
		*l = (struct list){0};
	}
	sort(l);
	*list = l->at;
	*count = l->count;
	return rc;
}

int
store_names(
    struct store *s, struct queued **list, size_t *count, struct error *err)
{
	struct list l = {0};
	int rc = collect(s, STORE_NEVER, true, &l, err);

	return hand_over(&l, rc, list, count);
}

int
store_newer(struct store *s, const char *least, struct queued **list,
    size_t *count, struct error *err)
{
	struct list l = {0};
	struct queued q;
	struct walk w;
	int rc;

	*list = NULL;
	*count = 0;
	/* No folder of later/ is for a time so long over. */
	if (walk_begin(&w, s, 0, err) != 0)
		return -1;
	while ((rc = walk_next(&w, &q, err)) > 0)
		if (strcmp(q.id, least) >= 0)
			add(&l, &q);
	walk_end(&w);
	return hand_over(&l, rc, list, count);
}

int
store_due(struct store *s, time_t when, struct queued **list, size_t *count,
    struct error *err)
{
	struct list l = {0};
	int rc = collect(s, when, false, &l, err);

	return hand_over(&l, rc, list, count);
}
