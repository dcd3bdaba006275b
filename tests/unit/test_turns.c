/* SPDX-License-Identifier: ISC */
/* Turns between users. */
#include "unit.h"

#include "turns.h"

#define ALICE ((uid_t)1000)
#define MALLORY ((uid_t)1001)

/* As a flush does. */
static bool
go(struct turns *t, uid_t uid, size_t recipients)
{
	if (!turns_may(t, uid))
		return false;
	turns_use(t, uid, recipients);
	return true;
}

static void
test_nobody_is_kept_out_at_first(void **state)
{
	struct turns t = {0};

	(void)state;
	for (uid_t uid = 0; uid < 300; uid++)
		assert_true(go(&t, uid, TURNS_BUDGET));
	for (uid_t uid = 0; uid < 300; uid++)
		assert_false(turns_may(&t, uid));
	turns_next(&t);
	for (uid_t uid = 0; uid < 300; uid++)
		assert_true(turns_may(&t, uid));
	turns_release(&t);
}

static void
test_a_budget_is_counted_in_recipients(void **state)
{
	struct turns t = {0};

	(void)state;
	for (size_t i = 0; i < TURNS_BUDGET; i++)
		assert_true(go(&t, MALLORY, 1));
	assert_false(go(&t, MALLORY, 1));
	assert_true(go(&t, ALICE, 1));
	/* What is left of a budget is enough for any message. */
	assert_true(go(&t, ALICE, 10000));
	assert_false(go(&t, ALICE, 1));
	turns_release(&t);
}

/* Who has sent to more waits as many rounds. */
static void
test_what_was_too_much_is_made_up_for(void **state)
{
	struct turns t = {0};

	(void)state;
	assert_true(go(&t, MALLORY, 3 * TURNS_BUDGET));
	for (int i = 0; i < 2; i++) {
		turns_next(&t);
		assert_false(go(&t, MALLORY, 1));
		assert_true(go(&t, ALICE, TURNS_BUDGET));
	}
	turns_next(&t);
	assert_true(go(&t, MALLORY, 1));
	turns_release(&t);
}

/* Nothing is saved up either. */
static void
test_what_was_not_used_is_gone(void **state)
{
	struct turns t = {0};

	(void)state;
	assert_true(go(&t, ALICE, 1));
	for (int i = 0; i < 5; i++)
		turns_next(&t);
	assert_true(go(&t, ALICE, TURNS_BUDGET));
	assert_false(go(&t, ALICE, 1));
	turns_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nobody_is_kept_out_at_first),
	    cmocka_unit_test(test_a_budget_is_counted_in_recipients),
	    cmocka_unit_test(test_what_was_too_much_is_made_up_for),
	    cmocka_unit_test(test_what_was_not_used_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
