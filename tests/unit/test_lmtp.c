/* SPDX-License-Identifier: ISC */
/* LMTP: a reply for each recipient at the end, and no body for nobody. */
#include "unit.h"

#include "delivery/session.h"
#include "fake_stream.h"
#include "offer.h"

#include <stdio.h>

#define OK "250 ok\r\n"
#define NO "550 5.1.1 no\r\n"
#define FULL "452 4.2.2 full\r\n"
#define GO "354 go on\r\n"
#define BDAT "BDAT 20 LAST"

#define ENVELOPE(bob, carol)           \
	{ALICE, OK, 0}, {BOB, bob, 0}, \
	{                              \
		CAROL, carol, 0        \
	}

static const struct capabilities stream = {
    .pipelining = true, .chunking = true};
static const struct capabilities ahead = {.pipelining = true};
static const struct capabilities lockstep = {0};

/* Each is offered once. */
static const struct row {
	const char *name;
	const struct capabilities *caps;
	struct fake_step steps[10];
	const char *want;
} rows[] = {
    {"lockstep", &lockstep,
	{ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", OK OK, 0}}, "0 ++"},
    {"ahead", &ahead, {ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", OK OK, 0}},
	"0 ++"},
    {"stream", &stream, {ENVELOPE(OK, OK), {BDAT, OK OK, 0}}, "0 ++"},
    {"yes and no", &ahead, {ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", OK NO, 0}},
	"0 +x"},
    {"later and yes", &stream, {ENVELOPE(OK, OK), {BDAT, FULL OK, 0}}, "0 -+"},
    {"no and later", &stream, {ENVELOPE(OK, OK), {BDAT, NO FULL, 0}}, "0 x-"},
    {"a full mailbox without a status", &stream,
	{ENVELOPE(OK, OK), {BDAT, "552 quota exceeded\r\n" OK, 0}}, "0 x+"},
    {"one reply for one", &stream, {ENVELOPE(NO, OK), {BDAT, OK, 0}}, "0 x+"},
    {"one reply for one, a no", &ahead,
	{ENVELOPE(OK, FULL), {"DATA", GO, 0}, {".", NO, 0}}, "0 x-"},
    {"nobody, and no body", &stream, {ENVELOPE(NO, FULL)}, "0 x-"},
    {"nobody, and no DATA", &ahead, {ENVELOPE(NO, FULL)}, "0 x-"},
    {"nobody, one by one", &lockstep, {ENVELOPE(NO, FULL)}, "0 x-"},
    {"DATA refused", &ahead, {ENVELOPE(OK, OK), {"DATA", NO, 0}}, "0 xx"},
    {"closed before the first", &stream,
	{ENVELOPE(OK, OK), {BDAT, FAKE_CLOSE, 0}}, "-1 ??"},
    {"closed between them", &stream,
	{ENVELOPE(OK, OK), {BDAT, NO, 0}, {NULL, FAKE_CLOSE, 0}}, "-1 x?"},
    {"silence between them", &ahead,
	{ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", OK, 0}}, "-1 +?"},
    {"421 between them", &ahead,
	{ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", "421 bye\r\n", 0},
	    {NULL, FAKE_CLOSE, 0}},
	"-1 -0"},
    {"421, and it stays", &ahead,
	{ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", "421 bye\r\n" OK, 0}},
	"-1 -+"},
    {"354 between them", &ahead,
	{ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", OK GO OK, 0}}, "-1 +?"},
    {"one too many", &ahead,
	{ENVELOPE(OK, OK), {"DATA", GO, 0}, {".", OK NO OK, 0}}, "-1 ??"},
    {"one too many for one", &ahead,
	{ENVELOPE(OK, NO), {"DATA", GO, 0}, {".", OK OK, 0}}, "-1 ??"},
    {"BDAT not known", &stream,
	{ENVELOPE(OK, OK), {BDAT, "500 what?\r\n" OK, 0}}, "0 --"},
};

static void
test_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		const char *got;
		size_t n = 0;

		while (n < COUNT(row->steps) && row->steps[n].say != NULL)
			n++;
		offer_set_up(state);
		offer.relay.protocol = PROTOCOL_LMTP;
		offer.caps = *row->caps;
		offer_begin(row->steps, n);
		got = offer_message();
		if (strcmp(got, row->want) != 0)
			fail_msg("%s: %s, not %s", row->name, got, row->want);
		if (!fake_went_well())
			fail_msg(
			    "%s:\n%s", row->name, buf_text(&fake.dialogue));
		offer_end();
	}
}

/* The next envelope waits for the last of the replies, and all of these count
 * for the message before. */
static void
test_the_next_one(void **state)
{
	static const struct fake_step steps[] = {ENVELOPE(OK, OK),
	    {BDAT, FULL "250 carol\r\n", 0}, ENVELOPE(NO, OK),
	    {BDAT, "250 again\r\n", 0}};

	(void)state;
	offer.relay.protocol = PROTOCOL_LMTP;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	assert_string_equal(offer_message(), "0 -+");
	assert_string_equal(transaction_text(&offer.t, 0), "452 4.2.2 full");
	assert_string_equal(transaction_text(&offer.t, 1), "250 carol");
	assert_string_equal(offer_message(), "0 x+");
	assert_string_equal(transaction_text(&offer.t, 1), "250 again");
	offer_end();
	assert_true(fake_went_well());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_replies, offer_set_up, offer_tear_down),
	    cmocka_unit_test_setup_teardown(
		test_the_next_one, offer_set_up, offer_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
