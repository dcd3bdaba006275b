/* SPDX-License-Identifier: ISC */
/* What is new in queue/ for one relay. */
#include "news.h"

#include "base/clock.h"
#include "base/process.h"
#include "due.h"
#include "queue/pause.h"
#include "queue/steer.h"

#include <stdlib.h>
#include <sys/stat.h>

/* How far the time of a folder may be behind. */
#define COARSE_MS 100

static int
by_id(const void *a, const void *b)
{
	const struct queued *one = a, *two = b;

	return strcmp(one->id, two->id);
}

static bool
is_seen(const struct watcher *w, const struct queued *q)
{
	return w->seen_count > 0 &&
	       bsearch(q, w->seen, w->seen_count, sizeof *q, by_id) != NULL;
}

static bool
is_for_post(const struct watcher *w)
{
	struct error ignored;
	struct entry e;
	bool is = false;

	if (entry_decode(&e, true, buf_span(&w->head), &ignored) == 0)
		is = post_find(w->courier, &e, &ignored) == w->post;
	entry_release(&e);
	return is;
}

bool
news_is_stuck(const struct watcher *w)
{
	return w->post->failed && (w->post->blamed == PAUSE_ALL ||
				      w->post->blamed == process_caller());
}

enum found {
	FOUND_OTHER, /* not for us, and it will not be */
	FOUND_BUSY,
	FOUND_OURS,
};

static enum found
look_at(struct watcher *w, const struct queued *q)
{
	uid_t reader = process_is_trusted() ? STEER_ALL : process_caller();
	struct error ignored;
	time_t next;
	bool busy;

	buf_clear(&w->head);
	buf_clear(&w->records);
	/* What cannot be read, the next flush tells of. */
	if (store_peek(w->store, q, reader, &w->head, &w->records, &next, &busy,
		&ignored) <= 0)
		return FOUND_OTHER;
	if (busy)
		return FOUND_BUSY;
	if (next > clock_now() || !is_for_post(w))
		return FOUND_OTHER;
	return FOUND_OURS;
}

/* A report about it is found as what is new. */
static void
end_one(void *context, struct entry_file *f, enum settled settled,
    struct error *err)
{
	const struct watcher *w = context;

	due_say_settled(w->courier, f, settled, err);
	store_entry_close(f);
}

/* Sends it if it is ours. False: it is to be looked at again. */
static bool
take(struct watcher *w, const struct queued *q)
{
	enum found found = look_at(w, q);
	struct entry_file f;
	struct error err;

	if (found != FOUND_OURS)
		return found == FOUND_OTHER;
	switch (store_entry_open(w->store, q->id, &f, &err)) {
	case OPEN_DONE:
		if (f.next <= clock_now() && !f.entry.held)
			deliver_push(
			    w->courier, w->store, &f, false, end_one, w);
		store_entry_close(&f);
		break;
	case OPEN_BUSY:
		return false;
	case OPEN_FAILED:
	case OPEN_CORRUPT:
		due_say(q->id, DUE_NOBODYS, &err);
		break;
	case OPEN_GONE:
		break;
	}
	return true;
}

/* Times of folders are coarse: what came in the same instant as the last
 * change before a look does not show. */
static void
note_time(struct watcher *w)
{
	struct stat st;
	int64_t age_ms;

	w->steady = fstat(w->store->queue, &st) == 0;
	if (!w->steady)
		return;
	w->changed = st.st_mtim;
	age_ms = clock_now_us() / 1000 - (int64_t)st.st_mtim.tv_sec * 1000 -
		 st.st_mtim.tv_nsec / 1000000;
	w->steady = age_ms > COARSE_MS;
}

bool
news_have_come(const struct watcher *w)
{
	struct stat st;

	return !w->steady || fstat(w->store->queue, &st) != 0 ||
	       st.st_mtim.tv_sec != w->changed.tv_sec ||
	       st.st_mtim.tv_nsec != w->changed.tv_nsec;
}

bool
news_deliver(struct watcher *w)
{
	size_t count, old = 0, kept = 0;
	struct queued *list;
	struct error err;

	note_time(w);
	if (store_newer(w->store, w->least, &list, &count, &err) != 0)
		return false;
	for (size_t i = 0; i < count && !news_is_stuck(w); i++) {
		bool seen = is_seen(w, &list[i]);

		old += seen;
		if (!seen && !take(w, &list[i])) {
			old++;
			continue;
		}
		list[kept++] = list[i];
		deliver_settle(w->courier, false);
	}
	deliver_settle(w->courier, true);
	free(w->seen);
	w->seen = list;
	w->seen_count = kept;
	return old < count;
}

bool
news_are_left(struct watcher *w)
{
	struct queued *list;
	struct error err;
	bool left = false;
	size_t count;

	if (store_newer(w->store, w->least, &list, &count, &err) != 0)
		return false;
	for (size_t i = 0; i < count && !left; i++)
		left =
		    !is_seen(w, &list[i]) && look_at(w, &list[i]) == FOUND_OURS;
	free(list);
	return left;
}
