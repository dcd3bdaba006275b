/* SPDX-License-Identifier: ISC */
/* Records: what was written is read again, and nothing else is believed. */
#include "unit.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "queue/record.h"

#include <stdio.h>
#include <string.h>

#define WHEN "2026-11-21T19:25:01Z"
#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static char line[4 * KIB];

/* Encodes r into line and returns its length, without the line end. */
static size_t
encode(const struct record *r)
{
	struct buf b;
	size_t len;

	buf_init(&b, sizeof line);
	record_encode(r, &b);
	assert_true(buf_ok(&b));
	len = b.len;
	assert_true(len > 0 && b.at[len - 1] == '\n');
	memcpy(line, b.at, len);
	buf_release(&b);
	return len - 1;
}

/* Decodes body with the checksum that belongs to it. */
static bool
decode_sealed(const char *body, struct record *r)
{
	int n = snprintf(line, sizeof line, "%s\t%08X", body,
	    (unsigned)checksum(span_of(body)));

	return record_decode(span(line, (size_t)n), r);
}

static void
test_round_trips(void **state)
{
	static const struct {
		enum event event;
		size_t rcpt;
		const char *relay;
		const char *text;
	} cases[] = {
	    {EVENT_ATTEMPT, RCPT_NONE, "work", ""},
	    {EVENT_ATTEMPT, RCPT_NONE, "work", "no answer within 30 s"},
	    {EVENT_DELIVERED, 0, "work", "250 2.0.0 queued as 4XyZ"},
	    {EVENT_REFUSED, RCPT_COUNT_MAX - 1, X63, "550 5.1.1 No such user"},
	    {EVENT_DEFERRED, 7, "a", "451  two  blanks, an end "},
	    {EVENT_IN_DOUBT, 1, "work", "the relay closed the connection"},
	    {EVENT_HELD, RCPT_NONE, "", "kept for a person"},
	    {EVENT_RELEASED, RCPT_NONE, "", ""},
	    {EVENT_EXPIRED, RCPT_NONE, "", "given up after 5d; last: 451 x"},
	    {EVENT_WARNED, RCPT_NONE, "", ""},
	    {EVENT_BOUNCED, RCPT_NONE, "", ""},
	    {EVENT_DEFERRED, 2, "work", "450 gr\xc3\xbc\xc3\x9f dich \xff"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record r, back;
		time_t before = clock_now();

		record_set(&r, cases[i].event, cases[i].rcpt, cases[i].relay,
		    cases[i].text);
		assert_in_range(r.when, before, clock_now());
		if (!record_decode(span(line, encode(&r)), &back))
			fail_msg("%s: not read again", line);
		assert_int_equal(back.when, r.when);
		assert_int_equal(back.event, cases[i].event);
		assert_int_equal(back.rcpt, cases[i].rcpt);
		assert_string_equal(back.relay, cases[i].relay);
		assert_string_equal(back.text, cases[i].text);
	}
}

static void
test_form(void **state)
{
	static const struct {
		struct record r;
		const char *want;
	} cases[] = {
	    {{.event = EVENT_DELIVERED, .relay = "work", .text = "250 ok"},
		WHEN " delivered 1 work 250 ok"},
	    {{.event = EVENT_HELD, .rcpt = RCPT_NONE}, WHEN " held - - "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record r = cases[i].r;
		char want[128];

		r.when = clock_parse_utc(span_of(WHEN));
		snprintf(want, sizeof want, "%s\t%08X", cases[i].want,
		    (unsigned)checksum(span_of(cases[i].want)));
		line[encode(&r)] = '\0';
		assert_string_equal(line, want);
	}
}

/* Whatever a server or a caller put into it, it stays one line, and no part
 * of the text is taken for a record of its own. */
static void
test_text_is_cleaned_and_cut(void **state)
{
	char longest[3 * REPLY_TEXT_MAX];
	struct record r, back;
	size_t len;

	(void)state;
	record_set(&r, EVENT_DEFERRED, 0, "wo\nrk\t",
	    "451 no\r\n" WHEN " delivered 1 work 250 ok\t01234567\n\033[2J");
	assert_string_equal(r.relay, "wo?rk?");
	len = encode(&r);
	assert_null(memchr(line, '\n', len));
	assert_null(memchr(line, '\033', len));
	assert_true(record_decode(span(line, len), &back));
	assert_int_equal(back.event, EVENT_DEFERRED);
	assert_string_equal(back.text, r.text);

	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	record_set(&r, EVENT_DEFERRED, 0, longest, longest);
	assert_int_equal(strlen(r.relay), RELAY_NAME_SIZE - 1);
	assert_int_equal(strlen(r.text), REPLY_TEXT_MAX - 1);
	assert_true(record_decode(span(line, encode(&r)), &back));
	assert_string_equal(back.relay, r.relay);
	assert_string_equal(back.text, r.text);

	record_set(&r, EVENT_RELEASED, RCPT_NONE, NULL, NULL);
	assert_string_equal(r.relay, "");
	assert_string_equal(r.text, "");
}

static void
test_torn_anywhere(void **state)
{
	struct record r;
	size_t len;

	(void)state;
	record_set(&r, EVENT_DELIVERED, 3, "work", "250 2.0.0 queued");
	len = encode(&r);
	for (size_t n = 0; n < len; n++)
		if (record_decode(span(line, n), &r))
			fail_msg("believed when cut to %zu octets", n);
	assert_true(record_decode(span(line, len), &r));
}

static void
test_any_flipped_bit(void **state)
{
	struct record r;
	size_t len;

	(void)state;
	record_set(&r, EVENT_DELIVERED, 3, "work", "250 2.0.0 queued");
	len = encode(&r);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		line[bit / 8] ^= (char)(1U << (bit % 8));
		if (record_decode(span(line, len), &r))
			fail_msg("believed with bit %zu flipped", bit);
		line[bit / 8] ^= (char)(1U << (bit % 8));
	}
}

/* Whose checksum is right and whose form is not known is of a later version:
 * no event of ours is made of it. */
static void
test_unknown_forms_with_a_good_checksum(void **state)
{
	static const char *const cases[] = {
	    "",
	    WHEN,
	    WHEN " delivered",
	    WHEN " delivered 1",
	    "yesterday delivered 1 work 250 ok",
	    "2026-11-21T19:25:01 delivered 1 work 250 ok",
	    " delivered 1 work 250 ok",
	    WHEN " delivered 0 work 250 ok",
	    WHEN " delivered -1 work 250 ok",
	    WHEN " delivered 1x work 250 ok",
	    WHEN " delivered  work 250 ok",
	    WHEN " delivered 200001 work 250 ok",
	    WHEN " delivered 18446744073709551617 work 250 ok",
	    WHEN " delivered 1 " X63 "x 250 ok",
	    WHEN " Delivered 1 work 250 ok",
	    WHEN " forwarded 1 work to alice",
	};
	struct record r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		memset(&r, 0, sizeof r);
		if (!decode_sealed(cases[i], &r) || r.event != EVENT_UNKNOWN)
			fail_msg("\"%s\" is event %d", cases[i], (int)r.event);
	}
	assert_true(decode_sealed(WHEN " delivered 10000 work 250 ok", &r));
	assert_int_equal(r.event, EVENT_DELIVERED);
	assert_int_equal(r.rcpt, 9999);
	assert_true(decode_sealed(WHEN " delivered 1 " X63 " 250 ok", &r));
	assert_string_equal(r.relay, X63);
}

static void
test_bad_checksums(void **state)
{
	static const char body[] = WHEN " delivered 1 work 250 ok";
	unsigned sum = (unsigned)checksum(span_of(body));
	static const char *const forms[] = {"%s\t%08x", "%s %08X", "%s\t%X0",
	    "%s\t0%08X", "%s\t%08X ", "%s\t%08X\n", "%s\t"};
	struct record r;

	(void)state;
	assert_true(decode_sealed(body, &r));
	for (size_t i = 0; i < COUNT(forms); i++) {
		char text[128];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof text, forms[i], body, sum);
#pragma GCC diagnostic pop
		if (record_decode(span_of(text), &r))
			fail_msg("believed: \"%s\"", text);
	}
}

/* A text of a file is no more trusted than one of a server. */
static void
test_controls_in_a_file(void **state)
{
	struct record r;

	(void)state;
	assert_true(decode_sealed(WHEN " held - - a\tb\033c", &r));
	assert_int_equal(r.event, EVENT_HELD);
	assert_string_equal(r.text, "a?b?c");
}

static void
test_names(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_COUNT; i++) {
		const char *name = event_name((enum event)i);

		assert_non_null(name);
		assert_null(strpbrk(name, " \t\n"));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    name, event_name((enum event)j));
	}
	assert_string_equal(event_name(EVENT_IN_DOUBT), "in-doubt");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trips),
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_text_is_cleaned_and_cut),
	    cmocka_unit_test(test_torn_anywhere),
	    cmocka_unit_test(test_any_flipped_bit),
	    cmocka_unit_test(test_unknown_forms_with_a_good_checksum),
	    cmocka_unit_test(test_bad_checksums),
	    cmocka_unit_test(test_controls_in_a_file),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
