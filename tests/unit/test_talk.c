/* SPDX-License-Identifier: ISC */
/* Replies that come too early, too slowly, or without end. */
#include "unit.h"

#include "delivery/session.h"
#include "fake_stream.h"
#include "offer.h"

#include <stdio.h>
#include <string.h>

/* Words before they were asked for end the session, and never count. */
static void
test_early_words(void **state)
{
	static const struct {
		const char *name;
		struct fake_step steps[8];
	} cases[] = {
	    {"before MAIL", {{NULL, "250 hello\r\n", 0}}},
	    {"half a line", {{NULL, "25", 0}}},
	    {"closed before MAIL", {{NULL, FAKE_CLOSE, 0}}},
	    {"cut before MAIL", {{NULL, FAKE_CUT, 0}}},
	    {"421 before MAIL", {{NULL, "421 4.4.2 idle\r\n", 0}}},
	    {"deaf", {{NULL, FAKE_DEAF, 0}}},
	    {"behind MAIL", {{ALICE, "250 ok\r\n250 ok\r\n", 0}}},
	    {"all at once",
		{{ALICE,
		    "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n",
		    0}}},
	    {"half a line behind RCPT",
		{{ALICE, "250 ok\r\n", 0}, {BOB, "250 ok\r\n2", 0}}},
	    {"behind all RCPT",
		{{ALICE, "250 ok\r\n", 0}, {BOB, "250 ok\r\n", 0},
		    {CAROL, "250 ok\r\n354 go on\r\n", 0}}},
	    {"behind 354", {{ALICE, "250 ok\r\n", 0}, {BOB, "250 ok\r\n", 0},
			       {CAROL, "250 ok\r\n", 0},
			       {"DATA", "354 go on\r\n250 queued\r\n", 0}}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = 0;

		while (cases[i].steps[n].say != NULL)
			n++;
		offer_begin(cases[i].steps, n);
		if (strcmp(offer_message(), "-1 00") != 0)
			fail_msg("%s: counted", cases[i].name);
		offer_end();
		if (fake.done != n || fake.surprised || fake.ended)
			fail_msg(
			    "%s:\n%s", cases[i].name, buf_text(&fake.dialogue));
	}
}

static void
test_endless_replies(void **state)
{
	static char lines[REPLY_MAX + 32768], line[REPLY_MAX + 32768];
	struct fake_step steps[] = {{ALICE, lines, 0}};

	(void)state;
	for (size_t n = 0; n + 16 < sizeof lines; n += 10)
		memcpy(lines + n, "250-xxxx\r\n", 11);
	memset(line, 'x', sizeof line - 1);
	memcpy(line, "250 ", 4);
	for (int i = 0; i < 2; i++) {
		offer_begin(steps, COUNT(steps));
		assert_string_equal(offer_message(), "-1 00");
		offer_end();
		/* Nor was it read to its end. */
		assert_true(fake.voice.len > 0);
		assert_true(fake_went_well());
		steps[0].say = line;
	}
}

/* How long is waited for the reply after all of these? */
static int64_t
patience(const struct fake_step *steps, size_t n)
{
	offer_begin(steps, n);
	assert_true(strcmp(offer_message(), "0 ++") != 0);
	offer_end();
	assert_true(fake_went_well());
	return fake.patience;
}

static void
test_patience(void **state)
{
	static const struct fake_step first[] = {{ALICE, FAKE_SILENT, 0}};
	static const struct fake_step last[] = {{ALICE, "250 ok\r\n", 0},
	    {BOB, "250 ok\r\n", 0}, {CAROL, "250 ok\r\n", 0},
	    {"DATA", "354 go on\r\n", 0}, {".", FAKE_SILENT, 0}};

	(void)state;
	assert_in_range(patience(first, COUNT(first)), OFFER_TIMEOUT_MS - 5000,
	    OFFER_TIMEOUT_MS);
	/* RFC 5321 4.5.3.2.6: ten minutes, whatever is configured. */
	assert_in_range(patience(last, COUNT(last)), 595000, 600000);
	offer.relay.timeout_ms = 900000;
	assert_in_range(patience(last, COUNT(last)), 895000, 900000);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, offer_set_up, offer_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_early_words),
	    TEST(test_endless_replies),
	    TEST(test_patience),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
