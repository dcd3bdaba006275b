/* SPDX-License-Identifier: ISC */
/* Wire form, asked and made, however the message is cut into pieces; and the
 * dots of DATA. */
#include "unit.h"

#include "message/wire.h"

static const struct {
	const char *in;
	size_t len;
	bool want;
} forms[] = {
    {"", 0, false},
    {"\r\n", 2, true},
    {"a\r\n", 3, true},
    {"a\r\nb\r\n", 6, true},
    {"\r\n\r\n", 4, true},
    {"Subject: x\r\n\r\nbody\r\n", 20, true},
    {"\303\274\377\001\177\r\n", 7, true},
    {"a", 1, false},
    {"a\r", 2, false},
    {"a\n", 2, false},
    {"\n", 1, false},
    {"\r", 1, false},
    {"\n\r", 2, false},
    {"a\r\nb", 4, false},
    {"a\r\nb\r", 5, false},
    {"a\nb\r\n", 5, false},
    {"a\rb\r\n", 5, false},
    {"a\r\r\n", 4, false},
    {"a\r\n\n", 4, false},
    {"a\r\n\r", 4, false},
    {"\r\r\n", 3, false},
    {"\n\r\n", 3, false},
    {"a\0b\r\n", 5, false},
    {"\0\r\n", 3, false},
    {"a\r\0\n", 4, false},
    {"a\r\n\0", 4, false},
    /* how a second message is smuggled */
    {"a\r\n.\n\r\nMAIL FROM:<x@y>\r\n", 23, false},
    {"a\n.\r\nMAIL FROM:<x@y>\r\n", 22, false},
    {"a\r.\rMAIL FROM:<x@y>\r\n", 21, false},
};

static void
test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct span all = span(forms[i].in, forms[i].len);

		for (size_t cut = 0; cut <= all.len; cut++) {
			struct wire_check w;

			wire_check_init(&w);
			wire_check_take(&w, span(all.at, cut));
			wire_check_take(&w, span_from(all, cut));
			if (wire_check_end(&w) != forms[i].want)
				fail_msg("case %zu, \"%s\", cut at %zu", i,
				    forms[i].in, cut);
		}
	}
}

static void
test_check_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct wire_check w;

		wire_check_init(&w);
		for (size_t n = 0; n < forms[i].len; n++) {
			wire_check_take(&w, span(forms[i].in + n, 1));
			wire_check_take(&w, span("", 0));
		}
		if (wire_check_end(&w) != forms[i].want)
			fail_msg("case %zu, \"%s\"", i, forms[i].in);
	}
}

/* What is broken stays so, whatever comes behind it. */
static void
test_check_is_sticky(void **state)
{
	struct wire_check w;

	(void)state;
	wire_check_init(&w);
	wire_check_take(&w, span_of("a\nb"));
	wire_check_take(&w, span_of("\r\nall is well\r\n"));
	assert_false(wire_check_end(&w));
	wire_check_init(&w);
	wire_check_take(&w, span_of("all is well\r\n"));
	assert_true(wire_check_end(&w));
}

static const struct {
	const char *in, *want;
} dots[] = {
    {"", ""},
    {"a\r\n", "a\r\n"},
    {".\r\n", "..\r\n"},
    {"..\r\n", "...\r\n"},
    {".a\r\n", "..a\r\n"},
    {"a.b.\r\n", "a.b.\r\n"},
    {"a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"},
    {"\r\n.\r\n\r\n.x\r\n", "\r\n..\r\n\r\n..x\r\n"},
    {".", ".."},
    {" .\r\n", " .\r\n"},
};

static void
test_stuff(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	for (size_t i = 0; i < COUNT(dots); i++) {
		struct span all = span_of(dots[i].in);

		for (size_t cut = 0; cut <= all.len; cut++) {
			bool at_line_start = true;

			buf_clear(&to);
			wire_stuff(span(all.at, cut), &at_line_start, &to);
			wire_stuff(span_from(all, cut), &at_line_start, &to);
			if (strcmp(buf_text(&to), dots[i].want) != 0)
				fail_msg("\"%s\" cut at %zu: \"%s\"",
				    dots[i].in, cut, buf_text(&to));
		}
	}
	buf_release(&to);
}

static void
test_stuff_carries_the_line_start(void **state)
{
	bool at_line_start = false;
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	wire_stuff(span_of(".a\r\n"), &at_line_start, &to);
	assert_true(at_line_start);
	wire_stuff(span_of(""), &at_line_start, &to);
	assert_true(at_line_start);
	wire_stuff(span(".\0.", 3), &at_line_start, &to);
	assert_false(at_line_start);
	assert_int_equal(to.len, 8);
	assert_memory_equal(to.at, ".a\r\n..\0.", 8);
	buf_release(&to);
}

static const struct {
	const char *in, *want;
} conversions[] = {
    {"", ""},
    {"a", "a\r\n"},
    {"a\n", "a\r\n"},
    {"a\r\n", "a\r\n"},
    {"\n", "\r\n"},
    {"\n\n\r\n\n", "\r\n\r\n\r\n\r\n"},
    {"a\nb\r\nc", "a\r\nb\r\nc\r\n"},
    {".\n\303\274", ".\r\n\303\274\r\n"},
};

static void
test_convert(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	for (size_t i = 0; i < COUNT(conversions); i++) {
		struct span all = span_of(conversions[i].in);

		for (size_t cut = 0; cut <= all.len; cut++) {
			char last = '\0';

			buf_clear(&to);
			wire_convert(span(all.at, cut), &last, &to);
			wire_convert(span("", 0), &last, &to);
			wire_convert(span_from(all, cut), &last, &to);
			wire_close(last, &to);
			if (strcmp(buf_text(&to), conversions[i].want) != 0)
				fail_msg("case %zu, cut at %zu: \"%s\"", i, cut,
				    buf_text(&to));
		}
	}
	buf_release(&to);
}

static void
test_is_eight_bit(void **state)
{
	(void)state;
	assert_false(wire_is_eight_bit(span("", 0)));
	assert_false(wire_is_eight_bit(span("a\0\177", 3)));
	assert_true(wire_is_eight_bit(span("a\200b", 3)));
	assert_true(wire_is_eight_bit(span("\377", 1)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_check_byte_by_byte),
	    cmocka_unit_test(test_check_is_sticky),
	    cmocka_unit_test(test_convert),
	    cmocka_unit_test(test_is_eight_bit),
	    cmocka_unit_test(test_stuff),
	    cmocka_unit_test(test_stuff_carries_the_line_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
