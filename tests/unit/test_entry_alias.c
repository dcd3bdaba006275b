/* SPDX-License-Identifier: ISC */
/* Recipients that an alias has added: whole, rotten and impossible records. */
#include "unit.h"

#include "queue/entry.h"

#include <stdio.h>
#include <string.h>

static struct entry e;

static int
set_up(void **state)
{
	struct error err;

	(void)state;
	return entry_decode(&e, false,
	    span_of("pillarbox 1\nfrom <a@example.com>\nto <root>\n"
		    "to <ops+x@web1>\tNOTIFY=NEVER\n"
		    "to <c@example.com>\tORCPT=rfc822;c\nsize 2\n\n"),
	    &err);
}

static int
tear_down(void **state)
{
	(void)state;
	entry_release(&e);
	return 0;
}

static void
apply(enum event event, size_t rcpt, const char *text)
{
	struct record r;

	record_set(&r, event, rcpt, NULL, text);
	entry_apply(&e, &r);
}

static void
add(size_t rcpt, const char *address)
{
	struct record r;

	assert_true(entry_alias(&e, rcpt, address, &r));
	entry_apply(&e, &r);
}

/* The states in letters, and the addresses behind those of the head. */
static const char *
sum(void)
{
	static const char letters[] = {[RCPT_WAITING] = 'w',
	    [RCPT_DELIVERED] = 'd',
	    [RCPT_REFUSED] = 'r',
	    [RCPT_EXPIRED] = 'e',
	    [RCPT_ALIASED] = 'a',
	    [RCPT_DROPPED] = '-'};
	static char shown[256];
	size_t n = 0;

	for (size_t i = 0; i < e.envelope.rcpt_count; i++)
		shown[n++] = letters[e.status[i].state];
	for (size_t i = e.named; i < e.envelope.rcpt_count; i++)
		n += (size_t)snprintf(shown + n, sizeof shown - n, " %s",
		    e.envelope.rcpt[i].address);
	shown[n] = '\0';
	return shown;
}

static void
test_whole(void **state)
{
	(void)state;
	add(0, "bob@example.net");
	add(0, "dan@example.net");
	assert_string_equal(sum(), "wwwww bob@example.net dan@example.net");
	apply(EVENT_EXPANDED, 0, "");
	apply(EVENT_DELIVERED, 3, "250 ok");
	assert_string_equal(sum(), "awwdw bob@example.net dan@example.net");
	apply(EVENT_DROPPED, 4, "");
	apply(EVENT_DROPPED, 3, ""); /* it has it */
	assert_string_equal(sum(), "awwd- bob@example.net dan@example.net");
	assert_int_equal(entry_rcpts(&e), 3);
	assert_int_equal(e.status[3].alias, 0);
	assert_int_equal(e.status[0].alias, RCPT_NONE);
	apply(EVENT_EXPIRED, RCPT_NONE, "over");
	assert_string_equal(sum(), "aeed- bob@example.net dan@example.net");
}

static void
test_what_it_inherits(void **state)
{
	(void)state;
	add(1, "bob@example.net");
	add(2, "dan@example.net");
	add(0, "j\xc3\xb6rg@example.net");
	assert_string_equal(e.envelope.rcpt[3].notify, "NEVER");
	assert_string_equal(e.envelope.rcpt[3].orcpt, "rfc822;ops+2Bx@web1");
	assert_null(e.envelope.rcpt[4].notify);
	assert_string_equal(e.envelope.rcpt[4].orcpt, "rfc822;c");
	assert_string_equal(e.envelope.rcpt[5].orcpt, "rfc822;root");
	assert_true(e.envelope.utf8);
}

/* A record before it has rotten: all keep their numbers, and nobody is thought
 * to have what he has not. */
static void
test_rotten(void **state)
{
	(void)state;
	apply(EVENT_ALIASED, 4, "1 <dan@example.net>");
	apply(EVENT_DELIVERED, 4, "250 ok");
	assert_string_equal(sum(), "www-d root dan@example.net");
	apply(EVENT_ALIASED, 3, "1 <late@example.net>"); /* there is one */
	assert_string_equal(sum(), "www-d root dan@example.net");
}

static void
test_impossible(void **state)
{
	static const char *const texts[] = {"", "1", "1 ", "1 <>", "1 bob@x",
	    "0 <bob@x>", "4 <bob@x>", "x <bob@x>", "1 <bob@>", "1 <b b@x>",
	    "1  <bob@x>", "1 <bob@x> ", "-1 <bob@x>"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		apply(EVENT_ALIASED, 3, texts[i]);
		assert_int_equal(e.envelope.rcpt_count, 3);
	}
	apply(EVENT_ALIASED, 0, "1 <bob@x>");
	apply(EVENT_ALIASED, RCPT_NONE, "1 <bob@x>");
	apply(EVENT_ALIASED, ENTRY_RCPT_MAX, "1 <bob@x>");
	apply(EVENT_EXPANDED, 3, "");
	apply(EVENT_EXPANDED, RCPT_NONE, "");
	apply(EVENT_DROPPED, RCPT_NONE, "");
	assert_string_equal(sum(), "www");
}

static void
test_ceiling(void **state)
{
	struct record r;

	(void)state;
	apply(EVENT_ALIASED, ENTRY_RCPT_MAX - 1, "1 <bob@x>");
	assert_int_equal(e.envelope.rcpt_count, ENTRY_RCPT_MAX);
	assert_false(entry_alias(&e, 0, "bob@x", &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_whole, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_what_it_inherits, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_rotten, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_impossible, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_ceiling, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
