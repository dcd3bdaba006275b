/* SPDX-License-Identifier: ISC */
/* The dialogue: every reply in every place, and what is said after it. */
#include "unit.h"

#include "delivery/session.h"
#include "fake_stream.h"
#include "offer.h"

#include <stdio.h>
#include <string.h>

static void
test_exact_dialogue(void **state)
{
	static const struct fake_step steps[] = {{ALICE, "250 2.1.0 ok\r\n", 0},
	    {BOB, "250 2.1.5 ok\r\n", 0}, {CAROL, "250 2.1.5 ok\r\n", 0},
	    {"DATA", "354 go on\r\n", 0}, {".", "250 2.0.0 queued\r\n", 0},
	    {ALICE, "250 2.1.0 ok\r\n", 0}, {BOB, "550 no\r\n", 0},
	    {CAROL, "550 no\r\n", 0}, {"RSET", "250-ok\r\n250 ok\r\n", 0},
	    {ALICE, "550 no\r\n", 0}, {ALICE, "550 no\r\n", 0}};

	(void)state;
	offer_begin(steps, COUNT(steps));
	assert_string_equal(offer_message(), "0 ++");
	assert_string_equal(transaction_text(&offer.t, 0), "250 2.0.0 queued");
	assert_string_equal(buf_text(&fake.data), MESSAGE);
	assert_string_equal(offer_message(), "0 xx");
	assert_string_equal(offer_message(), "0 xx");
	/* No transaction has begun, so there is none to end. */
	assert_string_equal(offer_message(), "0 xx");
	offer_end();
	assert_true(fake_went_well());
	assert_true(fake.closed);
	assert_string_equal(buf_text(&fake.dialogue),
	    "C: " ALICE "\nS: 250 2.1.0 ok\nC: " BOB "\nS: 250 2.1.5 ok\n"
	    "C: " CAROL "\nS: 250 2.1.5 ok\nC: DATA\nS: 354 go on\n"
	    "C: (the end)\nS: 250 2.0.0 queued\n"
	    "C: " ALICE "\nS: 250 2.1.0 ok\nC: " BOB "\nS: 550 no\n"
	    "C: " CAROL "\nS: 550 no\n"
	    "C: RSET\nS: 250-ok\nS: 250 ok\nC: " ALICE "\nS: 550 no\n"
	    "C: " ALICE "\nS: 550 no\n"
	    "C: QUIT\n");
	/* A transcript has it too, but not what is in the message. */
	assert_non_null(strstr(buf_text(&fake.shown), "C: " BOB "\nS: 250"));
	assert_null(strstr(buf_text(&fake.shown), "Subject"));
}

#define REPLIES 5
#define OK "250 2.1.0 ok"
#define GO "354 go on"

/* The replies to MAIL, both RCPT, DATA and the end, up to the last that is
 * asked for, and what offer_message() must say. */
static const struct row {
	const char *reply[REPLIES];
	const char *want;
} rows[] = {
    {{OK, OK, OK, GO, "250 2.0.0 queued"}, "0 ++"},

    {{"450 4.3.0 no"}, "0 --"},
    {{"452 4.3.1 no"}, "0 --"},
    {{"500 no"}, "0 --"},
    {{"550 5.7.1 no"}, "0 xx"},
    {{"552 5.3.4 no"}, "0 xx"},
    {{"354 no"}, "-1 00"},
    {{"421 4.3.2 no"}, "-1 00"},
    {{"530 5.7.0 no"}, "-1 00"},
    {{"535 5.7.8 no"}, "-1 00"},
    {{"hello"}, "-1 00"},
    {{"250-one\r\n251 two"}, "-1 00"},
    {{FAKE_CLOSE}, "-1 00"},
    {{FAKE_CUT}, "-1 00"},
    {{FAKE_SILENT}, "-1 00"},

    {{OK, "251 2.1.5 moved", "252 2.1.5 maybe", GO, "250 queued"}, "0 ++"},
    {{OK, "550 5.1.1 no", OK, GO, "250 queued"}, "0 x+"},
    {{OK, OK, "550 5.1.1 no", GO, "250 queued"}, "0 +x"},
    {{OK, "450 4.2.0 no", OK, GO, "250 queued"}, "0 -+"},
    {{OK, OK, "552 5.5.3 too many", GO, "250 queued"}, "0 +-"},
    {{OK, "550 5.1.1 no", "550 5.1.1 nor he"}, "0 xx"},
    {{OK, "450 4.2.0 no", "550 5.1.1 no"}, "0 -x"},
    {{OK, "450 4.2.0 no", "451 4.2.0 no"}, "0 --"},
    {{OK, "354 no"}, "-1 00"},
    {{OK, "421 4.3.2 no"}, "-1 00"},
    {{OK, "530 5.7.0 no"}, "-1 00"},
    {{OK, "535 5.7.8 no"}, "-1 00"},
    {{OK, "hello"}, "-1 00"},
    {{OK, FAKE_CUT}, "-1 00"},
    {{OK, OK, "421 4.3.2 no"}, "-1 00"},
    {{OK, OK, FAKE_CLOSE}, "-1 00"},
    {{OK, "550 5.1.1 no", "421 4.3.2 no"}, "-1 x0"},
    {{OK, "450 4.2.0 no", FAKE_SILENT}, "-1 -0"},

    {{OK, OK, OK, "451 4.3.0 no"}, "0 --"},
    {{OK, OK, OK, "554 5.6.0 no"}, "0 xx"},
    {{OK, "450 4.2.0 no", OK, "554 5.6.0 no"}, "0 -x"},
    {{OK, "550 5.1.1 no", OK, "451 4.3.0 no"}, "0 x-"},
    {{OK, OK, OK, "250 early"}, "-1 00"},
    {{OK, OK, OK, "421 4.3.2 no"}, "-1 00"},
    {{OK, OK, OK, "530 5.7.0 no"}, "-1 00"},
    {{OK, OK, OK, "535 5.7.8 no"}, "-1 00"},
    {{OK, OK, OK, "hello"}, "-1 00"},
    {{OK, OK, OK, FAKE_CLOSE}, "-1 00"},
    {{OK, OK, OK, FAKE_CUT}, "-1 00"},
    {{OK, OK, OK, FAKE_SILENT}, "-1 00"},
    {{OK, OK, "550 5.1.1 no", "421 4.3.2 no"}, "-1 0x"},

    {{OK, OK, OK, GO, "200 yes"}, "0 ++"},
    {{OK, OK, OK, GO, "251 yes"}, "0 ++"},
    {{OK, OK, OK, GO, "450 4.3.0 no"}, "0 --"},
    {{OK, OK, OK, GO, "552 5.3.4 no"}, "0 xx"},
    {{OK, OK, OK, GO, "554 5.7.1 no"}, "0 xx"},
    {{OK, "450 4.2.0 no", OK, GO, "554 5.7.1 no"}, "0 -x"},
    {{OK, "550 5.1.1 no", OK, GO, "450 4.3.0 no"}, "0 x-"},
    {{OK, OK, OK, GO, "421 4.3.2 no"}, "-1 00"},
    {{OK, OK, OK, GO, "530 5.7.0 no"}, "-1 00"},
    {{OK, OK, OK, GO, "535 5.7.8 no"}, "-1 00"},
    /* All was sent, and nobody knows. */
    {{OK, OK, OK, GO, "354 go on"}, "-1 ??"},
    {{OK, OK, OK, GO, "hello"}, "-1 ??"},
    {{OK, OK, OK, GO, "250-one\r\n251 two"}, "-1 ??"},
    {{OK, OK, OK, GO, "250-one"}, "-1 ??"},
    {{OK, OK, OK, GO, FAKE_CLOSE}, "-1 ??"},
    {{OK, OK, OK, GO, FAKE_CUT}, "-1 ??"},
    {{OK, OK, OK, GO, FAKE_SILENT}, "-1 ??"},
    {{OK, "550 5.1.1 no", OK, GO, FAKE_CUT}, "-1 x?"},
    {{OK, OK, "450 4.2.0 no", GO, FAKE_CUT}, "-1 ?-"},
};

/* Makes the script of a row, and of the message behind it. */
static size_t
make_script(const struct row *row, struct fake_step steps[])
{
	static const char *const asked[REPLIES] = {
	    ALICE, BOB, CAROL, "DATA", "."};
	static char said[REPLIES][128];
	size_t n = 0;

	for (; n < REPLIES && row->reply[n] != NULL; n++) {
		snprintf(said[n], sizeof said[n], "%s%s", row->reply[n],
		    row->reply[n][0] == '\1' ? "" : "\r\n");
		steps[n] = (struct fake_step){asked[n], said[n], 0};
	}
	if (row->want[0] == '-')
		return n;
	if (n > 1 && n < REPLIES)
		steps[n++] = (struct fake_step){"RSET", "250 ok\r\n", 0};
	steps[n++] = (struct fake_step){ALICE, "450 later\r\n", 0};
	return n;
}

/* What the relay said of recipient i, last. */
static const char *
words_for(const struct row *row, size_t i)
{
	const char *own = row->reply[i + 1];
	size_t n = 0;

	if (own != NULL && (own[0] == '4' || own[0] == '5'))
		return own;
	while (n + 1 < REPLIES && row->reply[n + 1] != NULL)
		n++;
	return row->reply[n];
}

static void
check_row(const struct row *row, size_t chunk)
{
	struct fake_step steps[REPLIES + 2];
	const char *told;

	offer.chunk = chunk;
	offer_begin(steps, make_script(row, steps));
	told = offer_message();
	if (strcmp(told, row->want) != 0)
		fail_msg("chunks of %zu: %s:\n%s", chunk, told,
		    buf_text(&fake.dialogue));
	for (size_t i = 0; i < offer.envelope.rcpt_count; i++)
		if (strchr("+-x", told[strlen(told) - 2 + i]) != NULL)
			assert_string_equal(
			    transaction_text(&offer.t, i), words_for(row, i));
	if (row->want[0] == '-')
		assert_true(offer.err.text[0] != '\0');
	if (row->want[0] == '0') {
		assert_string_equal(offer_message(), "0 --");
	}
	offer_end();
	if (!fake_went_well())
		fail_msg("chunks of %zu:\n%s", chunk, buf_text(&fake.dialogue));
	/* A session at its end is left without a word. */
	told = strstr(buf_text(&fake.dialogue), "C: QUIT\n");
	assert_true((told != NULL) == (row->want[0] == '0'));
}

static void
test_every_reply(void **state)
{
	/* Replies split at every byte, by one of these. */
	static const size_t chunks[] = {0, 1, 2, 3, 5, 7, 11, 13, 17};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t n = 0; n < COUNT(chunks); n++)
			check_row(&rows[i], chunks[n]);
}

/* What the relay says against itself is what a person reads. */
static void
test_faults_are_told(void **state)
{
	static const struct row row = {{"421 4.3.2 going down"}, "-1 00"};
	struct fake_step steps[REPLIES];

	(void)state;
	offer_begin(steps, make_script(&row, steps));
	assert_string_equal(offer_message(), "-1 00");
	assert_non_null(strstr(offer.err.text, "421 4.3.2 going down"));
	offer_end();
}

static void
test_rset_refused(void **state)
{
	static const char *const replies[] = {"421 bye\r\n", "500 what?\r\n",
	    "354 go on\r\n", "hello\r\n", FAKE_CUT, FAKE_CLOSE, FAKE_SILENT};

	(void)state;
	for (size_t i = 0; i < COUNT(replies); i++) {
		struct fake_step steps[] = {{ALICE, "250 ok\r\n", 0},
		    {BOB, "550 no\r\n", 0}, {CAROL, "550 no\r\n", 0},
		    {"RSET", replies[i], 0}};

		offer_begin(steps, COUNT(steps));
		assert_string_equal(offer_message(), "0 xx");
		assert_string_equal(offer_message(), "-1 00");
		offer_end();
		assert_true(fake_went_well());
	}
}

static void
test_unreachable(void **state)
{
	const struct stream_options options = {.relay = &offer.relay};
	struct session session;
	struct error err;

	(void)state;
	fake_start(NULL, 0);
	fake.unreachable = true;
	assert_int_equal(session_open(&session, &options, &err), -1);
	assert_int_equal(err.kind, ERR_PERMISSION);
	assert_string_equal(err.text, "unreachable");
	session_close(&session);
	assert_int_equal(fake.dialogue.len, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, offer_set_up, offer_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_exact_dialogue),
	    TEST(test_every_reply),
	    TEST(test_faults_are_told),
	    TEST(test_rset_refused),
	    TEST(test_unreachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
