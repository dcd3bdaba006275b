/* SPDX-License-Identifier: ISC */
/*
 * All that is due, by this process and, where there is much, by copies of it
 * with sessions of their own (crew.h).
 *
 * They are made while nothing is open, and let go when the first message has
 * been delivered: so a wrong password is tried once, and what is wrong with a
 * relay is met and said by this process alone. A copy takes the entries of
 * relays that have worked, each of which it has a slot for, and ends at the
 * first trouble with one. What is left then, this process takes by itself.
 */
#include "due_flush.h"

#include "base/process.h"
#include "resident.h"

#include <stdlib.h>

/* So few are soon sent by one process; and so many are worth a login. */
#define WORTH_COPIES 64
#define WORTH_A_COPY 16

struct due_list {
	struct flush *flush;
	struct queued *queue;
	bool stuck; /* it has ended, since the relay is out of order */
};

/* Is there no use in going on? A single relay that is out of order for all
 * needs no look at what is for it; what is under way may still go well. */
static bool
is_over(struct due_list *list)
{
	const struct courier *c = list->flush->courier;

	if (resident_is_over())
		return true;
	if (c->copy)
		return crew_is_over(&list->flush->crew);
	list->stuck = process_is_trusted() && courier_is_stuck(c);
	return list->stuck;
}

/* A copy need not open what it has to leave. */
static bool
is_for_others(const struct flush *fl, const struct piece *piece)
{
	return fl->courier->copy && piece->post != 0 &&
	       !fl->share->works[piece->post - 1];
}

/* One round. What is not its user's turn waits for the next one, and is not
 * opened again before it is; *later is how many these are. False: there is no
 * use in going on. */
static bool
take_round(struct due_list *list, size_t *later)
{
	struct flush *fl = list->flush;
	struct share *s = fl->share;

	*later = 0;
	turns_next(&fl->turns);
	for (size_t i = 0; i < s->count; i++) {
		const struct piece *piece = &s->piece[i];

		if (piece->state != PIECE_WAITS || is_for_others(fl, piece))
			continue;
		if (is_over(list))
			return false;
		if (!turns_may(&fl->turns, piece->uid)) {
			++*later;
		} else if (!share_take(s, i)) {
			continue;
		} else if (due_take(fl, list->queue[i].id, i)) {
			due_settle(fl, false);
			progress_show(&fl->progress, s->done);
		} else {
			share_put_back(s, i);
			++*later;
		}
	}
	return true;
}

/* All that this process can have for itself. */
static bool
take_all(struct due_list *list)
{
	size_t later = 1;
	bool on = true;

	while (on && later > 0)
		on = take_round(list, &later);
	due_settle(list->flush, true);
	return on;
}

/* In a copy. */
static void
help(void *context)
{
	struct due_list *list = context;

	courier_copy(list->flush->courier);
	take_all(list);
	courier_rest(list->flush->courier);
}

static size_t
count_copies(const struct flush *fl, size_t count)
{
	const struct courier *c = fl->courier;
	const char *name = fl->options->relay;
	size_t most = 1;

	/* Who reads a dialogue reads one. */
	if (count < WORTH_COPIES || c->verbose)
		return 0;
	for (size_t i = 0; i < c->config->relay_count; i++) {
		const struct relay *relay = &c->config->relays[i];

		if (!c->posts[i].elsewhere && relay->connections > most &&
		    (name == NULL || strcmp(relay->name, name) == 0))
			most = relay->connections;
	}
	most--;
	return most < count / WORTH_A_COPY ? most : count / WORTH_A_COPY;
}

/* What the copies have left, when they have ended: of one that was killed, of
 * a relay with which they had trouble, and reports. */
static bool
take_rest(struct due_list *list)
{
	struct flush *fl = list->flush;

	while (fl->crew.gone && !crew_nap(&fl->crew)) {
		progress_show(&fl->progress, fl->share->done);
		if (is_over(list))
			return false;
	}
	crew_end(&fl->crew);
	for (size_t i = 0; i < fl->share->count; i++)
		if (fl->share->piece[i].state == PIECE_RETURNED)
			due_note_returned(fl, list->queue[i].id);
	share_reclaim(fl->share);
	return take_all(list);
}

static void
take_list(struct due_list *list)
{
	struct flush *fl = list->flush;
	struct share *s = fl->share;
	size_t left = 0;

	fl->in_turns = process_is_trusted() && !fl->courier->config->own;
	progress_begin(&fl->progress, fl->courier->verbose ? 0 : s->count);
	crew_begin(&fl->crew, count_copies(fl, s->count), help, list);
	if (!take_all(list) || !take_rest(list)) {
		crew_end(&fl->crew);
		for (size_t i = 0; i < s->count; i++)
			left += s->piece[i].state < PIECE_RETURNED;
		if (list->stuck)
			courier_keep(fl->courier, left);
		fl->stays = true;
	}
	fl->in_turns = false;
	fl->stays = fl->stays || s->stays;
	progress_end(&fl->progress);
	turns_release(&fl->turns);
}

int
due_all(struct flush *fl, struct error *err)
{
	time_t when = fl->options->force ? STORE_NEVER - 1 : fl->now;
	const struct courier *c = fl->courier;
	struct due_list list = {.flush = fl};
	size_t count;

	if (store_due(&fl->store, when, &list.queue, &count, err) != 0)
		return -1;
	/* Another one sees to it. A person who insists sees what happens. */
	if (count > 0 && !c->insist &&
	    !courier_take_turns(fl->courier, fl->options->relay)) {
		free(list.queue);
		return 0;
	}
	fl->share = share_new(count, c->config->relay_count, err);
	if (fl->share != NULL) {
		take_list(&list);
		share_free(fl->share);
	}
	free(list.queue);
	if (fl->share == NULL)
		return -1;
	fl->share = NULL;
	return 0;
}
