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
#include "news.h"
#include "queue/slot.h"
#include "queue/steer.h"

#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define MINUTE_US ((int64_t)60 * 1000000)
#define POLL_MS 20

/* How long one waits for those who have sessions and will not look. */
#define PATIENCE_MS 10000

/* Delivers what is new, and what comes while the session is warm. */
static void
work(struct watcher *w)
{
	int64_t now, idle = 0;

	do {
		if (idle == 0 || news_have_come(w))
			if (news_deliver(w) || idle == 0)
				idle = clock_monotonic_ms();
		if (!w->post->open || news_is_stuck(w) ||
		    w->post->relay->linger_ms == 0)
			break;
		clock_nap(POLL_MS);
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
	} while (
	    !news_is_stuck(w) && news_are_left(w) && get_slot(w) == SLOT_TAKEN);
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
	courier_report(c);
	courier_rest(c);
	c->store = NULL;
	store_close(&store);
	return code;
}
