/* SPDX-License-Identifier: ISC */
/* The policy, code by code: every code has its verdict in every phase. */
#include "unit.h"

#include "delivery/verdict.h"

#define PHASES 5

/* A letter for each verdict: r, m for recipient and message, then + taken,
 * - deferred, x refused; "R-" is the relay's. */
struct row {
	int first, last;
	const char *want[PHASES]; /* login, MAIL, RCPT, DATA, end */
};

/* Later rows go before earlier ones. */
static const struct row rows[] = {
    {200, 299, {NULL, "m+", "r+", "R-", "m+"}},
    {300, 399, {NULL, "R-", "R-", "R-", "R-"}},
    {400, 499, {"R-", "m-", "r-", "m-", "m-"}},
    {500, 599, {"R-", "mx", "rx", "mx", "mx"}},
    {354, 354, {NULL, "R-", "R-", "m+", "R-"}},
    {421, 421, {"R-", "R-", "R-", "R-", "R-"}},
    {530, 530, {"R-", "R-", "R-", "R-", "R-"}},
    {534, 535, {"R-", "R-", "R-", "R-", "R-"}},
    {538, 538, {"R-", "R-", "R-", "R-", "R-"}},
    /* Too many recipients: the others are tried later. */
    {552, 552, {"R-", "mx", "r-", "mx", "mx"}},
    {0, 0, {"R-", "R-", "R-", "R-", "R-"}},
};

static const char *
wanted(int code, int phase)
{
	const char *want = NULL;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (code >= rows[i].first && code <= rows[i].last)
			want = rows[i].want[phase];
	return want;
}

static void
check(int code, int phase)
{
	static const char scopes[] = {[SCOPE_RECIPIENT] = 'r',
	    [SCOPE_MESSAGE] = 'm',
	    [SCOPE_RELAY] = 'R'};
	static const char outcomes[] = {[OUTCOME_NONE] = '0',
	    [OUTCOME_ACCEPTED] = '+',
	    [OUTCOME_DEFERRED] = '-',
	    [OUTCOME_REFUSED] = 'x',
	    [OUTCOME_IN_DOUBT] = '?'};
	const char *want = wanted(code, phase);
	struct reply r = {.code = code};
	struct verdict v = verdict_of((enum phase)phase, &r);

	if (want != NULL &&
	    (scopes[v.scope] != want[0] || outcomes[v.outcome] != want[1]))
		fail_msg("code %d in phase %d: %c%c, not %s", code, phase,
		    scopes[v.scope], outcomes[v.outcome], want);
}

static void
test_every_code(void **state)
{
	(void)state;
	assert_int_equal(PHASE_LOGIN, 0);
	assert_int_equal(PHASE_END, PHASES - 1);
	for (int phase = 0; phase < PHASES; phase++) {
		check(0, phase);
		for (int code = 200; code < 600; code++)
			check(code, phase);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
