/* SPDX-License-Identifier: ISC */
/*
 * The verb of delivery that nobody waits for. Of many submissions in a row the
 * first ones take the slots of the relay (queue/slot.h), and deliver what the
 * others only queue: so few sessions carry all, and no process stays.
 *
 * Nothing is left behind. Whoever finds all watches taken has its entry in
 * queue/ by then; whoever has a watch looks through the names there once more
 * after having given it up, so it sees that entry. It takes a slot again, or
 * finds all watches taken in turn, by others who will look after that. What it
 * sees locked, somebody delivers: entries are looked into without a lock, but
 * by those who mean to send them; or, where that was a flush that does not send
 * it after all, the next flush does.
 *
 * What is older than a minute is for a flush; so a backlog costs its names.
 */
#include "due.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/process.h"
#include "base/text.h"
#include "queue/pause.h"
#include "queue/slot.h"
#include "queue/steer.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define MINUTE_US ((int64_t)60 * 1000000)
#define POLL_MS 20

/* How far the time of a folder may be behind. */
#define COARSE_MS 100

/* How long one waits for those who have sessions and will not look. */
#define PATIENCE_MS 10000

struct watcher {
	struct courier *courier;
	struct store *store;
	struct post *post;
	char least[ENTRY_ID_SIZE];
	struct queued *seen; /* by id: what needs no second look */
	size_t seen_count;
	struct timespec changed; /* queue/, before it was looked through */
	bool
	    steady; /* and it was old enough then to tell of what came behind */
	int64_t begun_ms;
	struct buf head, records; /* of the one that is looked at */
};

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

/* Is there nothing to be done for those who leave theirs to us? What one user
 * was answered is in the way of that one alone. */
static bool
is_stuck(const struct watcher *w)
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

static void
end_one(void *context, struct entry_file *f, enum settled settled,
    struct error *err)
{
	const struct watcher *w = context;

	switch (settled) {
	case SETTLED_SENT:
		break;
	case SETTLED_KEPT:
	case SETTLED_UNTRIED:
	case SETTLED_DEFERRED:
	case SETTLED_FAILED:
		due_say_queued(w->courier, f, err);
		break;
	case SETTLED_RETURNED: /* the report is found as what is new */
	case SETTLED_UNWANTED:
	case SETTLED_HELD:
	case SETTLED_REFUSED:
	case SETTLED_BROKEN:
		due_say(f->id, f->entry.uid, err);
		break;
	}
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

static bool
has_changed(const struct watcher *w)
{
	struct stat st;

	return !w->steady || fstat(w->store->queue, &st) != 0 ||
	       st.st_mtim.tv_sec != w->changed.tv_sec ||
	       st.st_mtim.tv_nsec != w->changed.tv_nsec;
}

/* Delivers what is new. False: there was nothing. */
static bool
deliver_new(struct watcher *w)
{
	size_t count, old = 0, kept = 0;
	struct queued *list;
	struct error err;

	note_time(w);
	if (store_newer(w->store, w->least, &list, &count, &err) != 0)
		return false;
	for (size_t i = 0; i < count && !is_stuck(w); i++) {
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

/* Is there anything new that would have been delivered? */
static bool
is_left(struct watcher *w)
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

static void
nap(void)
{
	const struct timespec wait = {.tv_nsec = POLL_MS * 1000000L};

	nanosleep(&wait, NULL);
}

/* Delivers what is new, and what comes while the session is warm. */
static void
work(struct watcher *w)
{
	int64_t now, idle = 0;

	do {
		if (idle == 0 || has_changed(w))
			if (deliver_new(w) || idle == 0)
				idle = clock_monotonic_ms();
		if (!w->post->open || is_stuck(w) ||
		    w->post->relay->linger_ms == 0)
			break;
		nap();
		now = clock_monotonic_ms();
	} while (now - idle < w->post->relay->linger_ms &&
		 now - w->begun_ms < LINGER_MAX_MS);
}

static enum slot
get_slot(struct watcher *w)
{
	return slot_watch(w->store, w->post->relay->name, process_caller(),
	    w->post->relay->connections, PATIENCE_MS, &w->post->slot);
}

static void
watch(struct watcher *w)
{
	do {
		work(w);
		post_close(w->post);
		io_close(&w->post->slot);
		/* A minute old, it takes what came too early for the next one,
		 * and leaves. */
	} while (!is_stuck(w) && is_left(w) && get_slot(w) == SLOT_TAKEN);
}

/* The relay of an entry; NULL: it is gone, or not the caller's, or nobody knows
 * its way. */
static struct post *
relay_of(struct watcher *w, const char *id)
{
	uid_t reader = process_is_trusted() ? STEER_ALL : process_caller();
	struct queued q = {0};
	struct error ignored;
	struct post *post = NULL;
	struct entry e;
	time_t next;
	bool busy;

	if (!id_is_valid(span_of(id)))
		return NULL;
	text_copy(q.id, sizeof q.id, span_of(id));
	if (store_peek(w->store, &q, reader, &w->head, &w->records, &next,
		&busy, &ignored) <= 0)
		return NULL;
	if (entry_decode(&e, true, buf_span(&w->head), &ignored) == 0)
		post = post_find(w->courier, &e, &ignored);
	entry_release(&e);
	return post;
}

static int
background(struct watcher *w, const char *id, struct error *err)
{
	w->post = relay_of(w, id);
	if (w->post != NULL) {
		switch (get_slot(w)) {
		case SLOT_TAKEN:
			watch(w);
			return EX_OK;
		case SLOT_BUSY:
			return EX_OK;
		case SLOT_UNKNOWN:
			break;
		}
	}
	return due_one(w->courier, w->store, id, false, err);
}

int
due_background(struct courier *c, const char *id, struct error *err)
{
	struct watcher w = {.courier = c, .begun_ms = clock_monotonic_ms()};
	struct store store;
	int code;

	if (due_open_queue(c, &store, err) != 0)
		return -1;
	c->store = w.store = &store;
	buf_init(&w.head, ENTRY_HEAD_MAX);
	buf_init(&w.records, ENTRY_RECORDS_MAX);
	id_least(clock_now_us() - MINUTE_US, w.least);
	/* Accepted slowly, or by another clock. */
	if (id_is_valid(span_of(id)) && strcmp(id, w.least) < 0)
		memcpy(w.least, id, strlen(id) + 1);
	code = background(&w, id, err);
	free(w.seen);
	buf_release(&w.head);
	buf_release(&w.records);
	courier_rest(c);
	c->store = NULL;
	store_close(&store);
	return code;
}
