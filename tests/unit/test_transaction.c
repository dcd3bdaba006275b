/* SPDX-License-Identifier: ISC */
/* What is asked of a relay, by what the message needs and it can do. */
#include "unit.h"

#include "delivery/session.h"
#include "fake_stream.h"
#include "offer.h"

#include <stdio.h>
#include <string.h>

static char ret[] = "HDRS", envid[] = "QQ314159", notify[] = "SUCCESS,DELAY",
	    orcpt[] = "rfc822;Bob@example.net";

static const struct {
	const char *name;
	struct capabilities caps;
	bool eight_bit, utf8, dsn;
	const char *mail; /* what stands behind MAIL FROM:<...> */
	const char *rcpt;
} parameters[] = {
    {"nothing offered", {0}, false, false, false, "", ""},
    {"nothing offered, all wished", {0}, true, false, true, "", ""},
    {"SIZE", {.size = true}, false, false, false, " SIZE=20", ""},
    {"SIZE, just so", {.size = true, .size_max = 20}, false, false, false,
	" SIZE=20", ""},
    {"8BITMIME", {.eight_bit_mime = true}, true, false, false, " BODY=8BITMIME",
	""},
    {"8BITMIME not needed", {.eight_bit_mime = true}, false, false, false, "",
	""},
    {"SMTPUTF8", {.smtputf8 = true}, false, true, false, " SMTPUTF8", ""},
    {"SMTPUTF8 not needed", {.smtputf8 = true}, false, false, false, "", ""},
    {"DSN", {.dsn = true}, false, false, true, " RET=HDRS ENVID=QQ314159",
	" NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob@example.net"},
    {"DSN not wished", {.dsn = true}, true, false, false, "", ""},
    {"all but DSN", {.size = true, .eight_bit_mime = true, .smtputf8 = true},
	true, true, true, " SIZE=20 BODY=8BITMIME SMTPUTF8", ""},
    {"all",
	{.size = true, .eight_bit_mime = true, .smtputf8 = true, .dsn = true},
	true, true, true,
	" SIZE=20 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314159",
	" NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob@example.net"},
};

static void
test_parameters(void **state)
{
	for (size_t i = 0; i < COUNT(parameters); i++) {
		char mail[200], rcpt[200];
		const struct fake_step steps[] = {{mail, "250 ok\r\n", 0},
		    {rcpt, "550 no\r\n", 0}, {CAROL, "550 no\r\n", 0}};

		offer_set_up(state);
		snprintf(mail, sizeof mail, ALICE "%s", parameters[i].mail);
		snprintf(rcpt, sizeof rcpt, BOB "%s", parameters[i].rcpt);
		offer.caps = parameters[i].caps;
		offer.envelope.eight_bit = parameters[i].eight_bit;
		offer.envelope.utf8 = parameters[i].utf8;
		if (parameters[i].dsn) {
			offer.envelope.ret = ret;
			offer.envelope.envid = envid;
			offer.rcpt[0].notify = notify;
			offer.rcpt[0].orcpt = orcpt;
		}
		offer_begin(steps, COUNT(steps));
		if (strcmp(offer_message(), "0 xx") != 0 || !fake_went_well())
			fail_msg("%s:\n%s", parameters[i].name,
			    buf_text(&fake.dialogue));
		offer_end();
	}
}

/* The null sender, and one parameter of each pair alone. */
static void
test_odd_ones(void **state)
{
	static const struct fake_step steps[] = {
	    {"MAIL FROM:<> ENVID=QQ314159", "250 ok\r\n", 0},
	    {BOB " ORCPT=rfc822;Bob@example.net", "550 no\r\n", 0},
	    {CAROL " NOTIFY=SUCCESS,DELAY", "550 no\r\n", 0}};
	static char nobody[] = "";

	(void)state;
	offer.caps.dsn = true;
	offer.envelope.sender = nobody;
	offer.envelope.envid = envid;
	offer.rcpt[0].orcpt = orcpt;
	offer.rcpt[1].notify = notify;
	offer_begin(steps, COUNT(steps));
	assert_string_equal(offer_message(), "0 xx");
	assert_true(fake_went_well());
	offer_end();
}

/* What cannot be taken is refused before a word is said, and leaves the
 * session as it was. */
static void
test_hopeless(void **state)
{
	static const struct fake_step steps[] = {{ALICE, "450 later\r\n", 0}};
	const bool skip[] = {true, false};

	(void)state;
	offer.caps.size_max = 19;
	offer_begin(steps, COUNT(steps));
	assert_string_equal(offer_message(), "0 xx");
	assert_non_null(strstr(transaction_text(&offer.t, 0), "5.3.4"));
	assert_non_null(strstr(transaction_text(&offer.t, 1), "19"));
	offer.skip = skip;
	assert_string_equal(offer_message(), "0 0x");
	offer.skip = NULL;
	offer.session.caps.size_max = 0;
	offer.envelope.utf8 = true;
	assert_string_equal(offer_message(), "0 xx");
	assert_non_null(strstr(transaction_text(&offer.t, 0), "5.6.7"));
	assert_int_equal(fake.dialogue.len, 0);
	offer.envelope.utf8 = false;
	assert_string_equal(offer_message(), "0 --");
	assert_true(fake_went_well());
	offer_end();
}

static void
test_bare_names(void **state)
{
	static const struct {
		const char *domain;
		const char *want;
	} cases[] = {
	    {"example.org", "RCPT TO:<root@example.org>"},
	    {NULL, "RCPT TO:<root>"},
	};
	static char root[] = "root";

	(void)state;
	offer.rcpt[0].address = root;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct fake_step steps[] = {{ALICE, "250 ok\r\n", 0},
		    {cases[i].want, "550 no\r\n", 0}, {CAROL, "550 no\r\n", 0}};

		offer.domain = cases[i].domain;
		offer_begin(steps, COUNT(steps));
		assert_string_equal(offer_message(), "0 xx");
		assert_true(fake_went_well());
		offer_end();
	}
}

/* Who has it already is not named again, whatever becomes of the others. */
static void
test_skip(void **state)
{
	static const struct fake_step steps[] = {{ALICE, "250 ok\r\n", 0},
	    {CAROL, "250 ok\r\n", 0}, {"DATA", "354 go on\r\n", 0},
	    {".", "250 queued\r\n", 0}, {ALICE, "250 ok\r\n", 0},
	    {CAROL, "250 ok\r\n", 0}, {"DATA", "451 no\r\n", 0},
	    {"RSET", "250 ok\r\n", 0}, {ALICE, "550 no\r\n", 0},
	    {ALICE, "250 ok\r\n", 0}, {CAROL, "250 ok\r\n", 0},
	    {"DATA", "354 go on\r\n", 0}, {".", FAKE_CUT, 0}};
	const bool skip[] = {true, false};

	(void)state;
	offer.skip = skip;
	offer_begin(steps, COUNT(steps));
	assert_string_equal(offer_message(), "0 0+");
	assert_string_equal(offer_message(), "0 0-");
	assert_string_equal(offer_message(), "0 0x");
	assert_string_equal(offer_message(), "-1 0?");
	assert_true(fake_went_well());
	offer_end();
}

static void
test_many_recipients(void **state)
{
	static struct fake_step steps[303];
	static struct recipient rcpt[300];
	static char commands[300][64], addresses[300][48];
	size_t n = 0;

	(void)state;
	steps[n++] = (struct fake_step){ALICE, "250 ok\r\n", 0};
	for (size_t i = 0; i < COUNT(rcpt); i++) {
		snprintf(addresses[i], sizeof addresses[i],
		    "user%zu@example.net", i);
		snprintf(commands[i], sizeof commands[i],
		    "RCPT TO:<user%zu@example.net>", i);
		rcpt[i] = (struct recipient){.address = addresses[i]};
		steps[n++] = (struct fake_step){commands[i],
		    i % 3 == 0 ? "450 too many\r\n" : "250 ok\r\n", 0};
	}
	steps[n++] = (struct fake_step){"DATA", "354 go on\r\n", 0};
	steps[n++] = (struct fake_step){".", "250 queued\r\n", 0};
	offer.caps = (struct capabilities){.pipelining = true};
	offer.envelope.rcpt = rcpt;
	offer.envelope.rcpt_count = COUNT(rcpt);
	offer_begin(steps, n);
	offer_message();
	assert_true(fake_went_well());
	for (size_t i = 0; i < COUNT(rcpt); i++) {
		assert_int_equal(offer.t.results[i].outcome,
		    i % 3 == 0 ? OUTCOME_DEFERRED : OUTCOME_ACCEPTED);
		assert_string_equal(transaction_text(&offer.t, i),
		    i % 3 == 0 ? "450 too many" : "250 queued");
	}
	offer_end();
}

/* Where each answer is awaited, so many are named as may be refused; those who
 * were taken get it, and the others are next. */
static void
test_many_are_refused(void **state)
{
	static struct fake_step steps[60];
	static struct recipient rcpt[40];
	static char commands[40][64], addresses[40][48];
	const size_t named = 2 * (ERRORS_MAX - 1) - 1;
	size_t n = 0;

	(void)state;
	steps[n++] = (struct fake_step){ALICE, "250 ok\r\n", 0};
	for (size_t i = 0; i < COUNT(rcpt); i++) {
		snprintf(addresses[i], sizeof addresses[i],
		    "user%zu@example.net", i);
		snprintf(commands[i], sizeof commands[i],
		    "RCPT TO:<user%zu@example.net>", i);
		rcpt[i] = (struct recipient){.address = addresses[i]};
		if (i < named)
			steps[n++] = (struct fake_step){commands[i],
			    i % 2 == 0 ? "550 no\r\n" : "250 ok\r\n", 0};
	}
	steps[n++] = (struct fake_step){"DATA", "354 go on\r\n", 0};
	steps[n++] = (struct fake_step){".", "250 queued\r\n", 0};
	offer.envelope.rcpt = rcpt;
	offer.envelope.rcpt_count = COUNT(rcpt);
	offer_begin(steps, n);
	offer_message();
	assert_true(fake_went_well());
	assert_true(transaction_again(&offer.t));
	for (size_t i = 0; i < COUNT(rcpt); i++)
		assert_int_equal(transaction_wants(&offer.t, i), i >= named);
	offer_end();
}

/* A session that ends in the middle: who is left, and whether that is worth
 * another one. */
static void
test_resume(void **state)
{
	static const struct {
		enum outcome bob, carol;
		bool crowded, corrupt, asked, again;
	} rows[] = {
	    {OUTCOME_REFUSED, OUTCOME_NONE, false, false, true, true},
	    {OUTCOME_DEFERRED, OUTCOME_NONE, false, false, true, true},
	    {OUTCOME_REFUSED, OUTCOME_DEFERRED, true, false, true, true},
	    {OUTCOME_REFUSED, OUTCOME_NONE, false, true, true, false},
	    {OUTCOME_REFUSED, OUTCOME_NONE, false, false, false, false},
	    {OUTCOME_REFUSED, OUTCOME_DEFERRED, false, false, true, false},
	    {OUTCOME_REFUSED, OUTCOME_IN_DOUBT, false, false, true, false},
	    {OUTCOME_NONE, OUTCOME_NONE, false, false, true, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct transaction t;

		transaction_init(&t, &offer.envelope);
		t.results[0] = (struct result){
		    .outcome = rows[i].bob, .asked = rows[i].asked};
		t.results[1] = (struct result){
		    .outcome = rows[i].carol, .crowded = rows[i].crowded};
		t.corrupt = rows[i].corrupt;
		assert_int_equal(transaction_resume(&t), rows[i].again);
		assert_int_equal(t.wary, rows[i].again);
		if (rows[i].again) {
			assert_false(transaction_wants(&t, 0));
			assert_true(transaction_wants(&t, 1));
			assert_false(transaction_resume(&t));
		}
		transaction_release(&t);
	}
}

/* Somebody settled each time, and nobody gets it: not for ever. */
static void
test_rounds_in_vain(void **state)
{
	struct transaction t;
	size_t rounds = 0;

	(void)state;
	transaction_init(&t, &offer.envelope);
	do {
		t.results[0] =
		    (struct result){.outcome = OUTCOME_REFUSED, .asked = true};
		rounds++;
	} while (transaction_resume(&t));
	assert_int_equal(rounds, VAIN_ROUNDS_MAX + 1);
	transaction_release(&t);
}

/* Refused for its sender, then offered as from another. */
static void
test_again_as(void **state)
{
	static const struct fake_step steps[] = {
	    {"MAIL FROM:<>", "553 5.1.7 no null sender here\r\n", 0},
	    {"MAIL FROM:<relay@example.com>", "250 ok\r\n", 0},
	    {BOB, "550 5.1.1 no\r\n", 0}, {CAROL, "550 5.1.1 no\r\n", 0}};
	static char null[] = "";
	struct error err;

	(void)state;
	offer.envelope.sender = null;
	offer_begin(steps, COUNT(steps));
	assert_string_equal(offer_message(), "0 xx");
	assert_true(offer.t.mail_refused);
	transaction_again_as(&offer.t, "relay@example.com");
	assert_string_equal(offer.t.refusal, "553 5.1.7 no null sender here");
	assert_int_equal(offer_again(&err), 0);
	assert_false(offer.t.mail_refused);
	assert_string_equal(transaction_text(&offer.t, 1), "550 5.1.1 no");
	assert_true(fake_went_well());
	offer_end();
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, offer_set_up, offer_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_parameters),
	    TEST(test_odd_ones),
	    TEST(test_hopeless),
	    TEST(test_bare_names),
	    TEST(test_skip),
	    TEST(test_many_recipients),
	    TEST(test_many_are_refused),
	    TEST(test_resume),
	    TEST(test_rounds_in_vain),
	    TEST(test_again_as),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
