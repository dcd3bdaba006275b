/* SPDX-License-Identifier: ISC */
/* Small questions about text: printing, copying, numbers, nearness. */
#include "unit.h"

#include "base/text.h"

#include <limits.h>

static void
test_classes(void **state)
{
	(void)state;
	for (int i = CHAR_MIN; i <= CHAR_MAX; i++) {
		char c = (char)i;
		unsigned char u = (unsigned char)c;

		if (text_is_digit(c) != (u >= '0' && u <= '9'))
			fail_msg("digit: %d", i);
		if (text_is_control(c) != (u < 32 || u == 127))
			fail_msg("control: %d", i);
	}
}

static const struct {
	const char *in, *want;
} printable[] = {
    {"", ""},
    {"plain text, with ~ and blanks ", "plain text, with ~ and blanks "},
    {"a\r\nb\tc", "a??b?c"},
    {"\033[31mred\a\b\177", "?[31mred???"},
    {"gr\303\274n", "gr\303\274n"},
};

static void
test_make_printable(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(printable); i++) {
		char text[64];

		strcpy(text, printable[i].in);
		text_make_printable(text);
		assert_string_equal(text, printable[i].want);
		text_copy_printable(
		    text, sizeof text, span_of(printable[i].in));
		assert_string_equal(text, printable[i].want);
	}
}

static void
test_copy_printable_cuts(void **state)
{
	char to[5];

	(void)state;
	text_copy_printable(to, sizeof to, span_of("abcd"));
	assert_string_equal(to, "abcd");
	text_copy_printable(to, sizeof to, span_of("abcde"));
	assert_string_equal(to, "abcd");
	text_copy_printable(to, sizeof to, span_of("ab\ndefgh"));
	assert_string_equal(to, "ab?d");
	text_copy_printable(to, sizeof to, span("a\0b", 3));
	assert_string_equal(to, "a?b");
	text_copy_printable(to, 1, span_of("a"));
	assert_string_equal(to, "");
}

static void
test_copy(void **state)
{
	char to[5];

	(void)state;
	assert_true(text_copy(to, sizeof to, span_of("abcd")));
	assert_string_equal(to, "abcd");
	assert_false(text_copy(to, sizeof to, span_of("abcde")));
	assert_string_equal(to, "");
	assert_true(text_copy(to, sizeof to, span_of("a\n")));
	assert_string_equal(to, "a\n");
	assert_false(text_copy(to, sizeof to, span("a\0b", 3)));
	assert_string_equal(to, "");
	assert_false(text_copy(to, sizeof to, span("a\0", 2)));
	assert_true(text_copy(to, sizeof to, span_of("")));
	assert_string_equal(to, "");
}

static const struct {
	const char *in;
	unsigned long long max;
	bool fine;
	unsigned long long want;
} numbers[] = {
    {"0", 0, true, 0}, {"1", 0, false, 0}, {"9", 5, false, 0},
    {"5", 5, true, 5}, {"6", 5, false, 0}, {"007", 10, true, 7},
    {"00000000000000000000000012", 12, true, 12}, {"255", 255, true, 255},
    {"256", 255, false, 0}, {"2550", 255, false, 0},
    {"18446744073709551615", ULLONG_MAX, true, ULLONG_MAX},
    {"18446744073709551616", ULLONG_MAX, false, 0},
    {"99999999999999999999", ULLONG_MAX, false, 0},
    {"184467440737095516150", ULLONG_MAX, false, 0}, {"", 10, false, 0},
    {"-1", 10, false, 0}, {"+1", 10, false, 0}, {" 1", 10, false, 0},
    {"1 ", 10, false, 0}, {"1x", 10, false, 0}, {"0x1", 10, false, 0},
    {"1.0", 10, false, 0}, {"\331\241", 10, false, 0}, /* an Arabic one */
};

static void
test_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		unsigned long long n = 77;
		bool fine =
		    text_number(span_of(numbers[i].in), numbers[i].max, &n);

		if (fine != numbers[i].fine)
			fail_msg(
			    "\"%s\" up to %llu", numbers[i].in, numbers[i].max);
		if (fine && n != numbers[i].want)
			fail_msg("\"%s\" gives %llu", numbers[i].in, n);
	}
	/* All of the span, and no more than it. */
	unsigned long long n = 0;

	assert_true(text_number(span("123", 2), 100, &n));
	assert_int_equal(n, 12);
	assert_false(text_number(span("1\0", 2), 100, &n));
}

static void
test_count(void **state)
{
	char to[32];

	(void)state;
	assert_string_equal(
	    text_count(to, sizeof to, 0, "message"), "0 messages");
	assert_string_equal(
	    text_count(to, sizeof to, 1, "message"), "1 message");
	assert_ptr_equal(text_count(to, sizeof to, 3, "message"), to);
	assert_string_equal(to, "3 messages");
	assert_string_equal(text_count(to, 5, 12, "message"), "12 m");
}

#define WORD_31 "abcdefghijklmnopqrstuvwxyz01234"

static const struct {
	const char *a, *b;
	size_t want;
} distances[] = {
    {"", "", 0},
    {"", "abc", 3},
    {"host", "host", 0},
    {"host", "hosts", 1}, /* insert */
    {"host", "hst", 1},   /* remove */
    {"host", "hose", 1},  /* replace */
    {"host", "hsot", 1},  /* swap */
    {"ab", "ba", 1},
    {"pasword", "password", 1},
    {"kitten", "sitting", 3},
    {"abcd", "badc", 2},
    {"Host", "host", 1},
    {WORD_31, WORD_31, 0},
    {WORD_31 "5", WORD_31 "5", SIZE_MAX},
    {"a", WORD_31 "5", SIZE_MAX},
};

static void
test_distance(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(distances); i++) {
		size_t there = text_distance(distances[i].a, distances[i].b);
		size_t back = text_distance(distances[i].b, distances[i].a);

		if (there != distances[i].want || back != there)
			fail_msg("%s, %s: %zu and %zu", distances[i].a,
			    distances[i].b, there, back);
	}
}

static const char *const names[] = {"host", "hostname", "port", "password",
    "password-file", "password-command", "timeout", "tls"};

static const struct {
	const char *word, *want;
} nearest[] = {
    {"pasword", "password"},
    {"hsot", "host"},
    {"host-name", "hostname"},
    {"time-out", "timeout"},
    {"password-fil", "password-file"},
    {"passwordcommand", "password-command"},
    {"port", "port"},
    {"prot", "port"},
    {"frobnicate", NULL},
    {"x-ray-vision", NULL},
    {"passwords-are-not-in-this-file-at-all", NULL},
};

static void
test_nearest(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(nearest); i++) {
		const char *got =
		    text_nearest(nearest[i].word, names, COUNT(names));
		const char *want = nearest[i].want;

		if (want == NULL ? got != NULL
				 : got == NULL || strcmp(got, want) != 0)
			fail_msg("%s: %s", nearest[i].word, got ? got : "none");
	}
	assert_null(text_nearest("host", names, 0));
}

static void
test_plain_name(void **state)
{
	static const char *const good[] = {"work", "a", "A.b_c-9", "-", "a."};
	static const char *const bad[] = {
	    "", ".", "..", ".a", "a/b", "a b", "a\n", "caf\303\251", "*"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!text_is_plain_name(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (text_is_plain_name(bad[i]))
			fail_msg("%s", bad[i]);
}

static const struct {
	const char *text, *secret, *hidden;
} hidings[] = {
    {"", "secret", ""},
    {"secret", "secret", "****"},
    {"a secret, secretsecret.", "secret", "a ****, ********."},
    {"secre secret", "secret", "secre ****"},
    {"aaa", "a", "***"},
    {"0123456789abcde", "0123456789abcdefgh", "0123456789abcde"},
    {"0123456789abcdef", "0123456789abcdefgh", "****"},
    {"0123456789abcdefgx", "0123456789abcdefgh", "****x"},
    {"a", "", "a"},
};

static void
test_hide(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hidings); i++) {
		char text[40];

		strcpy(text, hidings[i].text);
		text_hide(text, span_of(hidings[i].secret));
		assert_string_equal(text, hidings[i].hidden);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hide),
	    cmocka_unit_test(test_classes),
	    cmocka_unit_test(test_make_printable),
	    cmocka_unit_test(test_copy_printable_cuts),
	    cmocka_unit_test(test_copy),
	    cmocka_unit_test(test_number),
	    cmocka_unit_test(test_count),
	    cmocka_unit_test(test_distance),
	    cmocka_unit_test(test_nearest),
	    cmocka_unit_test(test_plain_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
