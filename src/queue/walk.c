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

static bool
next_place(struct walk *w)
{
	walk_end(w);
	while (
	    w->folder == NULL && place_next(w->store, w->when, &w->not_before))
		w->folder = place_list(w->store, w->not_before);
	return w->folder != NULL;
}

bool
walk_next(struct walk *w, struct queued *q)
{
	do {
		struct dirent *d;

		while ((d = readdir(w->folder)) != NULL) {
			struct span name = span_of(d->d_name);

			if (!id_is_valid(name))
				continue;
			text_copy(q->id, sizeof q->id, name);
			q->next = 0;
			q->not_before = w->not_before;
			return true;
		}
	} while (next_place(w));
	return false;
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

	if (fstatat(dirfd(w->folder), q->id, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	q->next = store_time_of_next(&st);
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

int
store_names(
    struct store *s, struct queued **list, size_t *count, struct error *err)
{
	struct list l = {0};
	struct queued q;
	struct walk w;

	*list = NULL;
	*count = 0;
	if (walk_begin(&w, s, STORE_NEVER, err) != 0)
		return -1;
	while (walk_next(&w, &q))
		add(&l, &q);
	walk_end(&w);
	sort(&l);
	*list = l.at;
	*count = l.count;
	return 0;
}

int
store_newer(struct store *s, const char *least, struct queued **list,
    size_t *count, struct error *err)
{
	struct list l = {0};
	struct queued q;
	struct walk w;

	*list = NULL;
	*count = 0;
	/* No folder of later/ is for a time so long over. */
	if (walk_begin(&w, s, 0, err) != 0)
		return -1;
	while (walk_next(&w, &q))
		if (strcmp(q.id, least) >= 0)
			add(&l, &q);
	walk_end(&w);
	sort(&l);
	*list = l.at;
	*count = l.count;
	return 0;
}

int
store_due(struct store *s, time_t when, struct queued **list, size_t *count,
    struct error *err)
{
	struct list l = {0};
	struct queued q;
	struct walk w;

	*list = NULL;
	*count = 0;
	if (walk_begin(&w, s, when, err) != 0)
		return -1;
	while (walk_next(&w, &q))
		if (walk_time(&w, &q) && q.next <= when)
			add(&l, &q);
	walk_end(&w);
	sort(&l);
	*list = l.at;
	*count = l.count;
	return 0;
}
