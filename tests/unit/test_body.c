/* SPDX-License-Identifier: ISC */
/* The data of a message: whole and unharmed, or without its end. */
#include "unit.h"

#include "base/limits.h"
#include "delivery/session.h"
#include "fake_stream.h"
#include "offer.h"

#include <stdio.h>
#include <string.h>

#define UP_TO_DATA                                        \
	{ALICE, "250 ok\r\n", 0}, {BOB, "250 ok\r\n", 0}, \
	    {CAROL, "250 ok\r\n", 0},                     \
	{                                                 \
		"DATA", "354 go on\r\n", 0                \
	}

static const struct fake_step whole[] = {
    UP_TO_DATA, {".", "250 queued\r\n", 0}};
static const struct fake_step up_to_data[] = {UP_TO_DATA};

static void
test_stuffing(void **state)
{
	static const struct {
		const char *message;
		size_t dots; /* that are doubled */
	} cases[] = {
	    {"a\r\n", 0},
	    {"\r\n", 0},
	    {".\r\n", 1},
	    {"..\r\n", 1},
	    {".a\r\n", 1},
	    {"a.\r\n", 0},
	    {"a\r\n.\r\n", 1},
	    {"a\r\n.\r\n.\r\n..\r\nb\r\n", 3},
	    {"\r\n\r\n.\r\n\r\n", 1},
	    {"a\r\n.\r\nMAIL FROM:<x@y>\r\nRCPT TO:<z@y>\r\nDATA\r\n", 1},
	    {"a. .b\r\n .c\r\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span m = span_of(cases[i].message);

		offer_begin(whole, COUNT(whole));
		assert_string_equal(offer_file(m, m.len), "0 ++");
		if (!fake_went_well() ||
		    strcmp(buf_text(&fake.data), m.at) != 0 ||
		    fake.octets != m.len + cases[i].dots + 3)
			fail_msg("case %zu: %zu octets, \"%s\"", i, fake.octets,
			    buf_text(&fake.data));
		offer_end();
	}
}

/* A message with what at that place, of whole lines before and behind. */
static void
make_message(struct buf *m, size_t at, const char *what)
{
	buf_clear(m);
	while (m->len + 100 < at)
		buf_printf(m, "%zu%*s\r\n", m->len, 60, "");
	while (m->len < at)
		buf_add_byte(m, 'x');
	buf_add_text(m, what);
	buf_add_text(m, "the end\r\n");
}

static void
test_at_the_edges_of_blocks(void **state)
{
	static const char *const whats[] = {
	    "\r\n.\r\n", "\r\n..x\r\n", "\r\n\r\n.\r\n.\r\n", ".", "\r\n"};
	struct buf m;

	(void)state;
	buf_init(&m, 1 * MIB);
	for (size_t at = IO_BLOCK - 12; at <= IO_BLOCK + 3; at++)
		for (size_t i = 0; i < COUNT(whats); i++) {
			make_message(&m, at, whats[i]);
			offer_begin(whole, COUNT(whole));
			assert_string_equal(
			    offer_file(buf_span(&m), m.len), "0 ++");
			if (!fake_went_well() || fake.data.len != m.len ||
			    memcmp(fake.data.at, m.at, m.len) != 0)
				fail_msg("case %zu at %zu", i, at);
			offer_end();
		}
	/* And one that ends with a block. */
	for (size_t at = 2 * IO_BLOCK - 11; at <= 2 * IO_BLOCK - 7; at++) {
		make_message(&m, at, "");
		offer_begin(whole, COUNT(whole));
		assert_string_equal(offer_file(buf_span(&m), m.len), "0 ++");
		assert_true(fake_went_well());
		assert_memory_equal(fake.data.at, m.at, m.len);
		offer_end();
	}
	buf_release(&m);
}

/* Records stand behind the message in its file. */
static void
test_no_more_than_its_size(void **state)
{
	static const char file[] =
	    "a\r\n2026-11-21T19:25:01Z attempt - - x\r\n";

	(void)state;
	offer_begin(whole, COUNT(whole));
	assert_string_equal(offer_file(span_of(file), 3), "0 ++");
	assert_string_equal(buf_text(&fake.data), "a\r\n");
	offer_end();
}

static void
test_less_than_its_size(void **state)
{
	(void)state;
	offer_begin(up_to_data, COUNT(up_to_data));
	assert_string_equal(offer_file(span_of("a\r\nb\r\n"), 7), "-1 00");
	assert_int_equal(offer.err.kind, ERR_IO);
	assert_false(offer.t.corrupt);
	offer_end();
	assert_false(fake.ended);
	assert_true(fake_went_well());
}

/* Offers what is not in wire form; how much of it left. */
static size_t
octets_of_corrupt(struct span m)
{
	offer_begin(up_to_data, COUNT(up_to_data));
	assert_string_equal(offer_file(m, m.len), "-1 00");
	assert_true(offer.t.corrupt);
	assert_int_equal(offer.err.kind, ERR_DATA);
	offer_end();
	assert_false(fake.ended);
	assert_true(fake_went_well());
	return fake.octets;
}

static void
test_not_in_wire_form(void **state)
{
	static const struct span cases[] = {{"a\n", 2}, {"a\r", 2}, {"a", 1},
	    {"a\r\nb", 4}, {"\n", 1}, {"a\rb\r\n", 5}, {"a\r\r\n", 4},
	    {"a\n\r\n", 4}, {"a\0\r\n", 4}, {"a\r\n\0", 4}, {"a\r\n\r", 4},
	    {"a\n.\nMAIL FROM:<x@y>\r\n", 21}, {"a\r.\r\n", 5},
	    {"a\r\n.\rMAIL FROM:<x@y>\r\n", 23}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (octets_of_corrupt(cases[i]) != 0)
			fail_msg("case %zu: some of it was sent", i);
}

static void
test_not_in_wire_form_at_the_edges_of_blocks(void **state)
{
	static const char *const whats[] = {"\n", "\r", "\r\r\n", "\n.\r\n"};
	struct buf m;

	(void)state;
	buf_init(&m, 1 * MIB);
	for (size_t at = IO_BLOCK - 3; at <= IO_BLOCK + 2; at++)
		for (size_t i = 0; i < COUNT(whats); i++) {
			size_t octets;

			make_message(&m, at, whats[i]);
			octets = octets_of_corrupt(buf_span(&m));
			if (octets != 0 && octets < IO_BLOCK)
				fail_msg("case %zu at %zu: %zu octets of the "
					 "block were sent",
				    i, at, octets);
			if (octets > IO_BLOCK)
				fail_msg("case %zu at %zu: %zu", i, at, octets);
		}
	buf_release(&m);
}

/* Three blocks; the server does this after so many octets of them. */
static const struct {
	const char *name;
	struct fake_step does[3];
	const char *want;
} interruptions[] = {
    {"a yes in the first block", {{NULL, "250 queued\r\n", 9}}, "-1 00"},
    {"a yes in the second", {{NULL, "250 ok\r\n", IO_BLOCK + 9}}, "-1 00"},
    {"354 again", {{NULL, "354 go on\r\n", 9}}, "-1 00"},
    {"garbage", {{NULL, "hello\r\n", 9}}, "-1 00"},
    {"half a line", {{NULL, "552 5.3.4", 9}}, "-1 00"},
    {"too big", {{NULL, "552 5.3.4 too big\r\n", 9}}, "-1 xx"},
    {"no room", {{NULL, "452 4.3.1 no room\r\n", 9}}, "-1 --"},
    {"leaving", {{NULL, "421 4.3.2 bye\r\n", 9}}, "-1 00"},
    {"a login wanted", {{NULL, "530 5.7.0 who?\r\n", 9}}, "-1 00"},
    {"end of the stream", {{NULL, FAKE_CLOSE, 9}}, "-1 00"},
    {"cut in the first block", {{NULL, FAKE_CUT, 9}}, "-1 00"},
    {"cut in the second", {{NULL, FAKE_CUT, IO_BLOCK + 9}}, "-1 00"},
    {"cut before the last octet", {{NULL, FAKE_CUT, 2 * IO_BLOCK + 1011}},
	"-1 00"},
    {"no more taken", {{NULL, FAKE_DEAF, IO_BLOCK}}, "-1 00"},
    {"the last octet not taken", {{NULL, FAKE_DEAF, 2 * IO_BLOCK + 1011}},
	"-1 00"},
    {"too big, and no more taken",
	{{NULL, "552 5.3.4 too big\r\n", 9}, {NULL, FAKE_DEAF, 10}}, "-1 xx"},
    {"no room, closed, and no more taken",
	{{NULL, "452 4.3.1 no room\r\n", 9}, {NULL, FAKE_CLOSE, 9},
	    {NULL, FAKE_DEAF, 10}},
	"-1 --"},
    {"a yes, and no more taken",
	{{NULL, "250 queued\r\n", 9}, {NULL, FAKE_DEAF, 10}}, "-1 00"},
};

static void
test_interruptions(void **state)
{
	struct buf m;

	(void)state;
	buf_init(&m, 1 * MIB);
	make_message(&m, 2 * IO_BLOCK + 1000, "");
	/* Of all the octets that are sent, all but the last. */
	assert_int_equal(m.len + 3, 2 * IO_BLOCK + 1012);
	for (size_t i = 0; i < COUNT(interruptions); i++) {
		struct fake_step steps[] = {UP_TO_DATA, {0}, {0}, {0}};
		size_t n = COUNT(up_to_data);
		const char *told;

		for (size_t k = 0; k < 3 && interruptions[i].does[k].say; k++)
			steps[n++] = interruptions[i].does[k];
		offer_begin(steps, n);
		told = offer_file(buf_span(&m), m.len);
		if (strcmp(told, interruptions[i].want) != 0)
			fail_msg("%s: %s", interruptions[i].name, told);
		if (told[3] == 'x' || (told[3] == '-'))
			assert_memory_equal(transaction_text(&offer.t, 0) + 3,
			    told[3] == 'x' ? " 5.3.4 too big"
					   : " 4.3.1 no room",
			    14);
		assert_int_equal(offer.err.kind, ERR_TEMPORARY);
		assert_false(offer.t.corrupt);
		offer_end();
		if (fake.ended || fake.surprised || fake.done != n)
			fail_msg("%s: the end was sent, or a word more",
			    interruptions[i].name);
	}
	buf_release(&m);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, offer_set_up, offer_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_stuffing),
	    TEST(test_at_the_edges_of_blocks),
	    TEST(test_no_more_than_its_size),
	    TEST(test_less_than_its_size),
	    TEST(test_not_in_wire_form),
	    TEST(test_not_in_wire_form_at_the_edges_of_blocks),
	    TEST(test_interruptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
