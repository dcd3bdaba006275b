/* SPDX-License-Identifier: ISC */
/* What the records of an entry add up to, whole, torn and rotten ones. */
#include "unit.h"

#include "base/checksum.h"
#include "queue/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 6

static struct entry entry;
static struct buf text; /* records, as in a file */

static int
set_up(void **state)
{
	struct error err;

	(void)state;
	buf_init(&text, ENTRY_RECORDS_MAX);
	return entry_decode(&entry, false,
	    span_of("pillarbox 1\nfrom <a@example.com>\nto <b@example.com>\n"
		    "to <c@example.com>\nsize 2\n\n"),
	    &err);
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&text);
	entry_release(&entry);
	return 0;
}

static void
add(enum event event, size_t rcpt, const char *words)
{
	struct record r;

	record_set(&r, event, rcpt, "work", words);
	record_encode(&r, &text);
}

/* A line with a good checksum. */
static void
add_line(const char *body)
{
	buf_printf(
	    &text, "%s\t%08X\n", body, (unsigned)checksum(span_of(body)));
}

static void
forget(void **state)
{
	tear_down(state);
	set_up(state);
}

/* The states of both, in letters, and the rest of it. */
static const char *
sum(void)
{
	static const char letters[] = {[RCPT_WAITING] = 'w',
	    [RCPT_DELIVERED] = 'd',
	    [RCPT_REFUSED] = 'r',
	    [RCPT_EXPIRED] = 'e'};
	static char shown[256];

	snprintf(shown, sizeof shown, "%c%c %u%s %s %s %s",
	    letters[entry.status[0].state], letters[entry.status[1].state],
	    entry.attempts, entry.held ? " held" : "",
	    entry.trouble ? entry.trouble : "-",
	    entry.status[0].text ? entry.status[0].text : "-",
	    entry.status[1].text ? entry.status[1].text : "-");
	return shown;
}

static void
test_sums(void **state)
{
	static const struct {
		struct {
			enum event event;
			size_t rcpt;
			const char *words;
		} steps[STEPS_MAX];
		size_t count;
		const char *want; /* states attempts held trouble texts */
	} cases[] = {
	    {{{0}}, 0, "ww 0 - - -"},
	    {{{EVENT_ATTEMPT, RCPT_NONE, "no route"}}, 1, "ww 1 no route - -"},
	    {{{EVENT_ATTEMPT, RCPT_NONE, "no route"},
		 {EVENT_ATTEMPT, RCPT_NONE, ""}},
		2, "ww 2 - - -"},
	    {{{EVENT_DELIVERED, 0, "250"}, {EVENT_REFUSED, 1, "550"}}, 2,
		"dr 0 - 250 550"},
	    {{{EVENT_DEFERRED, 0, "450"}, {EVENT_IN_DOUBT, 1, "cut"}}, 2,
		"ww 0 - 450 cut"},
	    {{{EVENT_DEFERRED, 1, "450"}, {EVENT_DELIVERED, 1, "250"}}, 2,
		"wd 0 - - 250"},
	    {{{EVENT_IN_DOUBT, 1, "cut"}, {EVENT_REFUSED, 1, "550"}}, 2,
		"wr 0 - - 550"},
	    /* What is final stays so. */
	    {{{EVENT_DELIVERED, 0, "250"}, {EVENT_DEFERRED, 0, "450"}}, 2,
		"dw 0 - 450 -"},
	    {{{EVENT_HELD, RCPT_NONE, "kept"}}, 1, "ww 0 held kept - -"},
	    {{{EVENT_HELD, RCPT_NONE, "kept"}, {EVENT_RELEASED, RCPT_NONE, ""}},
		2, "ww 0 - - -"},
	    {{{EVENT_HELD, RCPT_NONE, "kept"}, {EVENT_ATTEMPT, RCPT_NONE, "x"}},
		2, "ww 1 held x - -"},
	    /* Given up: what was last said stays. */
	    {{{EVENT_DEFERRED, 0, "450"}, {EVENT_EXPIRED, RCPT_NONE, "5d"}}, 2,
		"ee 0 - 450 5d"},
	    {{{EVENT_DELIVERED, 0, "250"}, {EVENT_EXPIRED, RCPT_NONE, "5d"}}, 2,
		"de 0 - 250 5d"},
	    {{{EVENT_EXPIRED, 1, "5d"}, {EVENT_WARNED, RCPT_NONE, "x"},
		 {EVENT_BOUNCED, RCPT_NONE, "x"}},
		3, "we 0 - - 5d"},
	    /* About nobody who is there. */
	    {{{EVENT_DELIVERED, 2, "250"},
		 {EVENT_REFUSED, RCPT_COUNT_MAX - 1, "550"},
		 {EVENT_DELIVERED, RCPT_NONE, "250"}},
		3, "ww 0 - - -"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		forget(state);
		for (size_t n = 0; n < cases[i].count; n++)
			add(cases[i].steps[n].event, cases[i].steps[n].rcpt,
			    cases[i].steps[n].words);
		assert_int_equal(
		    entry_apply_all(&entry, buf_span(&text)), text.len);
		if (strcmp(sum(), cases[i].want) != 0)
			fail_msg("case %zu: \"%s\", not \"%s\"", i, sum(),
			    cases[i].want);
	}
}

static void
test_count(void **state)
{
	(void)state;
	assert_int_equal(entry_count(&entry, RCPT_WAITING), 2);
	add(EVENT_DELIVERED, 1, "250");
	entry_apply_all(&entry, buf_span(&text));
	assert_int_equal(entry_count(&entry, RCPT_WAITING), 1);
	assert_int_equal(entry_count(&entry, RCPT_DELIVERED), 1);
	assert_int_equal(entry_count(&entry, RCPT_REFUSED), 0);
}

/* Only attempts with an outcome for somebody count against a
 * message's lifetime; and what reports need to know. */
static void
test_for_reports(void **state)
{
	(void)state;
	add(EVENT_ATTEMPT, RCPT_NONE, "no route");
	add(EVENT_ATTEMPT, RCPT_NONE, "");
	add(EVENT_DEFERRED, RCPT_NONE, "450");
	add(EVENT_DEFERRED, 0, "450");
	add(EVENT_ATTEMPT, RCPT_NONE, "cut");
	add(EVENT_IN_DOUBT, RCPT_NONE, "cut");
	entry_apply_all(&entry, buf_span(&text));
	assert_int_equal(entry.attempts, 3);
	assert_int_equal(entry.answered, 2);
	assert_false(entry.warned || entry.bounced);
	assert_string_equal(entry.status[1].relay, "work");
	assert_true(entry.status[1].when > 1795289101 - 86400 * 365);
	add(EVENT_WARNED, RCPT_NONE, "");
	add(EVENT_BOUNCED, RCPT_NONE, "");
	add(EVENT_RELAYED, 1, "");
	entry_apply_all(&entry, buf_span(&text));
	assert_true(entry.warned && entry.bounced);
	assert_true(entry.status[1].relayed && !entry.status[0].relayed);
}

static void
test_torn_at_every_byte(void **state)
{
	size_t one, all;

	(void)state;
	add(EVENT_ATTEMPT, RCPT_NONE, "");
	one = text.len;
	add(EVENT_DELIVERED, 0, "250 2.0.0 queued");
	all = text.len;
	for (size_t n = 0; n <= all; n++) {
		size_t want = n < one ? 0 : n < all ? one : all;
		/* At its exact size, so that a reader beyond it is seen. */
		char *copy = must_spandup(span(text.at, n));
		struct error err;
		size_t whole;

		entry_release(&entry);
		assert_int_equal(
		    entry_decode(&entry, false,
			span_of("pillarbox 1\nfrom <a@example.com>\n"
				"to <b@example.com>\nsize 2\n\n"),
			&err),
		    0);
		whole = entry_apply_all(&entry, span(copy, n));
		free(copy);
		if (whole != want)
			fail_msg("torn at %zu of %zu: %zu", n, all, whole);
		assert_int_equal(entry.attempts, want >= one);
		assert_int_equal(entry_count(&entry, RCPT_DELIVERED), n == all);
	}
}

/* One that rots takes at most its neighbour with it: never does it say
 * anything else, and never is what stands behind them lost. */
static void
test_any_flipped_bit(void **state)
{
	size_t end, all;
	char *copy;

	(void)state;
	add(EVENT_DELIVERED, 0, "250 2.0.0 queued");
	end = text.len;
	add(EVENT_ATTEMPT, RCPT_NONE, "");
	add(EVENT_REFUSED, 1, "550 5.1.1 no");
	all = text.len;
	copy = must_spandup(buf_span(&text));
	for (size_t bit = 0; bit < 8 * end; bit++) {
		forget(state);
		copy[bit / 8] ^= (char)(1U << (bit % 8));
		assert_int_equal(entry_apply_all(&entry, span(copy, all)), all);
		copy[bit / 8] ^= (char)(1U << (bit % 8));
		if (entry.status[0].state != RCPT_WAITING ||
		    entry.status[1].state != RCPT_REFUSED)
			fail_msg("bit %zu: %s", bit, sum());
		if (bit / 8 + 1 < end)
			assert_int_equal(entry.attempts, 1);
	}
	free(copy);
}

static void
test_what_is_not_understood(void **state)
{
	size_t all;

	(void)state;
	add_line("2026-11-21T19:25:01Z forwarded 1 work to whom it concerns");
	buf_add_text(&text, "\n\n garbage\n250 ok\n");
	add(EVENT_DELIVERED, 1, "250");
	add_line("2026-11-21T19:25:01Z forwarded - - ");
	all = text.len;
	buf_add_text(&text, "garbage\ngarb");
	assert_int_equal(entry_apply_all(&entry, buf_span(&text)), all);
	assert_string_equal(sum(), "wd 0 - - 250");
}

static void
test_nothing(void **state)
{
	(void)state;
	assert_int_equal(entry_apply_all(&entry, span("", 0)), 0);
	assert_int_equal(entry_apply_all(&entry, span_of("\n\n\n")), 0);
	assert_string_equal(sum(), "ww 0 - - -");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_sums),
	    TEST(test_count),
	    TEST(test_for_reports),
	    TEST(test_torn_at_every_byte),
	    TEST(test_any_flipped_bit),
	    TEST(test_what_is_not_understood),
	    TEST(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
