/* SPDX-License-Identifier: ISC */
/* Copies of a process, and what they share. */
#include "unit.h"

#include "crew.h"
#include "due.h"
#include "share.h"

#include <signal.h>
#include <unistd.h>

#define PIECES 1000

struct work {
	struct crew crew;
	struct share *share;
	size_t taken;
};

static void
make(struct work *w)
{
	struct error err;

	*w = (struct work){.crew = {.hold = -1}};
	w->share = share_new(PIECES, 1, &err);
	assert_non_null(w->share);
	assert_int_equal(w->share->piece[PIECES - 1].uid, DUE_NOBODYS);
	assert_false(w->share->works[0]);
}

static void
take_all(void *context)
{
	struct work *w = context;

	for (size_t i = 0; i < PIECES; i++) {
		if (!share_take(w->share, i))
			continue;
		w->taken++;
		share_end(w->share, i, PIECE_DONE);
	}
}

static void
until_over(void *context)
{
	struct work *w = context;

	w->share->works[0] = true;
	while (!crew_is_over(&w->crew))
		usleep(1000);
	share_take(w->share, 0);
}

static void
take_and_die(void *context)
{
	struct work *w = context;

	share_take(w->share, 7);
	kill(getpid(), SIGKILL);
}

static void
test_each_piece_is_taken_once(void **state)
{
	struct work w;

	(void)state;
	make(&w);
	crew_begin(&w.crew, 3, take_all, &w);
	assert_int_equal(w.crew.count, 3);
	crew_go(&w.crew);
	crew_go(&w.crew);
	take_all(&w);
	while (!crew_nap(&w.crew))
		continue;
	crew_end(&w.crew);
	assert_int_equal(w.share->done, PIECES);
	share_reclaim(w.share);
	assert_false(share_take(w.share, 0));
	share_free(w.share);
}

static void
test_who_is_not_let_go_does_nothing(void **state)
{
	struct work w;

	(void)state;
	make(&w);
	crew_begin(&w.crew, 2, take_all, &w);
	crew_end(&w.crew);
	assert_int_equal(w.share->done, 0);
	crew_begin(&w.crew, 0, take_all, &w);
	crew_go(&w.crew);
	assert_true(crew_nap(&w.crew));
	crew_end(&w.crew);
	assert_int_equal(w.share->done, 0);
	share_free(w.share);
}

static void
test_they_end_when_they_shall(void **state)
{
	struct work w;

	(void)state;
	make(&w);
	crew_begin(&w.crew, 2, until_over, &w);
	crew_go(&w.crew);
	while (!w.share->works[0])
		usleep(1000);
	assert_false(crew_nap(&w.crew));
	crew_end(&w.crew);
	assert_int_equal(w.share->piece[0].state, PIECE_TAKEN);
	share_free(w.share);
}

static void
test_what_a_killed_one_had(void **state)
{
	struct work w;

	(void)state;
	make(&w);
	crew_begin(&w.crew, 1, take_and_die, &w);
	crew_go(&w.crew);
	while (!crew_nap(&w.crew))
		continue;
	crew_end(&w.crew);
	take_all(&w);
	assert_int_equal(w.taken, PIECES - 1);
	share_reclaim(w.share);
	take_all(&w);
	assert_int_equal(w.taken, PIECES);
	share_free(w.share);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_piece_is_taken_once),
	    cmocka_unit_test(test_who_is_not_let_go_does_nothing),
	    cmocka_unit_test(test_they_end_when_they_shall),
	    cmocka_unit_test(test_what_a_killed_one_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
