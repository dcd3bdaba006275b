/* SPDX-License-Identifier: ISC */
/* UTF-8 of RFC 3629, whole and in any pieces. */
#include "unit.h"

#include "message/utf8.h"

static const struct {
	const char *text;
	size_t first; /* octets of the first character */
	bool valid;
} cases[] = {
    {"", 0, true},
    {"a", 1, true},
    {"\177", 1, true},
    {"\302\200", 2, true},
    {"\337\277x", 2, true},
    {"\340\240\200", 3, true},
    {"\355\237\277", 3, true},
    {"\357\277\277", 3, true},
    {"\360\220\200\200", 4, true},
    {"\364\217\277\277", 4, true},
    {"a\303\274b\342\202\254c\360\237\230\200", 1, true},
    /* what is none */
    {"\200", 1, false},
    {"\303", 1, false},
    {"\303x", 1, false},
    {"\342\202", 1, false},
    {"\342\202x", 1, false},
    {"\360\237\230", 1, false},
    {"\360\237\230x", 1, false},
    {"\300\200", 1, false},
    {"\301\277", 1, false},
    {"\340\237\277", 1, false},
    {"\360\217\277\277", 1, false},
    {"\355\240\200", 1, false},
    {"\364\220\200\200", 1, false},
    {"\365\200\200\200", 1, false},
    {"\376", 1, false},
    {"\377", 1, false},
    {"a\303\274\200", 1, false},
    {"\303\274\303", 2, false},
    {"\303\303\274", 1, false},
    {"\200\303\274", 1, false},
};

static void
test_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = span_of(cases[i].text);

		if (utf8_length(text) != cases[i].first)
			fail_msg("case %zu: %zu octets", i, utf8_length(text));
		if (utf8_is_valid(text) != cases[i].valid)
			fail_msg("case %zu", i);
	}
	assert_true(utf8_is_valid(span("a\0b", 3)));
	assert_int_equal(utf8_length(span("\0", 1)), 1);
	/* Never a byte behind the end. */
	assert_int_equal(utf8_length(span("\303\274", 1)), 1);
}

static void
test_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = span_of(cases[i].text);

		for (size_t a = 0; a <= text.len; a++)
			for (size_t b = a; b <= text.len; b++) {
				struct utf8_check c;

				utf8_check_init(&c);
				utf8_check_take(&c, span(text.at, a));
				utf8_check_take(&c, span(text.at + a, b - a));
				utf8_check_take(&c, span_from(text, b));
				if (utf8_check_end(&c) != cases[i].valid)
					fail_msg("case %zu, cut at %zu and %zu",
					    i, a, b);
			}
	}
}

/* All of three bytes from these, byte by byte: the same as at once. */
static void
test_byte_by_byte(void **state)
{
	static const char alphabet[] = {'a', (char)0x80, (char)0xa0, (char)0x90,
	    (char)0xc3, (char)0xe0, (char)0xed, (char)0xf0, (char)0xf4,
	    (char)0xff};
	size_t kinds = sizeof alphabet;

	(void)state;
	for (size_t n = 0; n < kinds * kinds * kinds * kinds * kinds; n++) {
		struct utf8_check c;
		char text[5];
		size_t rest = n;

		utf8_check_init(&c);
		for (size_t i = 0; i < 5; i++, rest /= kinds) {
			text[i] = alphabet[rest % kinds];
			utf8_check_take(&c, span(text + i, 1));
		}
		if (utf8_check_end(&c) != utf8_is_valid(span(text, 5)))
			fail_msg("case %zu", n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_byte_by_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
