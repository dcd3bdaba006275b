/* SPDX-License-Identifier: ISC */
/* Encoded words and extended parameters: within their limits, whole
 * characters in each, and decoding to what they were made from. */
#include "unit.h"

#include "base/limits.h"
#include "message/encoded.h"
#include "message/utf8.h"

#include "decode.h"

#include <stdio.h>

#define U "\303\274"

/* Q of RFC 2047 4.2, with no more than a phrase allows (5 (3)). */
static bool
decode_q(struct span code, struct buf *to)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO"
				    "PQRSTUVWXYZ0123456789!*+-/";

	while (code.len > 0) {
		size_t n = code.at[0] == '=' ? 3 : 1;

		if (n == 3 ? !decode_hex(code, to)
			   : code.at[0] != '_' &&
				 decode_digit(plain, code.at[0]) < 0)
			return false;
		if (n == 1)
			buf_add_byte(to, code.at[0] == '_' ? ' ' : code.at[0]);
		code = span_from(code, n);
	}
	return true;
}

/* =?charset?Q?...?=, at most 75, its characters whole (RFC 2047 5). */
static bool
decode_word(struct span word, struct buf *to)
{
	struct span charset, how;
	size_t start = to->len;
	bool ok;

	if (word.len > 75 || word.len < 6 || !span_starts(word, "=?") ||
	    memcmp(word.at + word.len - 2, "?=", 2) != 0)
		return false;
	word = span(word.at + 2, word.len - 4);
	if (!span_cut(&word, '?', &charset) || !span_cut(&word, '?', &how) ||
	    word.len == 0)
		return false;
	ok = span_is(how, "Q")   ? decode_q(word, to)
	     : span_is(how, "B") ? decode_base64_text(word, to)
				 : false;
	if (span_is(charset, "utf-8"))
		return ok && utf8_is_valid(span_from(buf_span(to), start));
	return ok && span_is(charset, "iso-8859-1");
}

/* Words with CRLF SP between them. */
static bool
decode_words(struct span code, struct buf *to)
{
	while (code.len > 0) {
		const char *end = memmem(code.at, code.len, "\r\n ", 3);
		size_t n = end ? (size_t)(end - code.at) : code.len;

		if (!decode_word(span(code.at, n), to))
			return false;
		code = span_from(code, end ? n + 3 : n);
	}
	return true;
}

static void
expect_words(struct span text)
{
	struct buf to, got;

	buf_init(&to, MIB);
	buf_init(&got, MIB);
	encoded_words(text, &to);
	if (!decode_words(buf_span(&to), &got) ||
	    !span_same(buf_span(&got), text))
		fail_msg(
		    "\"%.*s\" becomes \"%s\"", SPAN_ARG(text), buf_text(&to));
	buf_release(&to);
	buf_release(&got);
}

static void
test_all_short_texts(void **state)
{
	static const char alphabet[] = {
	    '\r', '\n', ' ', '=', '.', 'x', '\0', (char)0xc3};

	(void)state;
	for (size_t n = 0; n < 4096; n++) {
		char text[4];

		for (size_t i = 0; i < 4; i++)
			text[i] = alphabet[n >> (3 * i) & 7];
		expect_words(span(text, 4));
	}
}

static void
test_long_texts(void **state)
{
	static const char *const characters[] = {
	    "a", " ", "?", "=", "_", U, "\342\202\254", "\360\237\230\200"};
	unsigned seed = 1;
	struct buf text;

	(void)state;
	buf_init(&text, MIB);
	for (int round = 0; round < 3000; round++) {
		unsigned n = next_random(&seed) % 120;
		unsigned kinds = 1 + next_random(&seed) % COUNT(characters);

		buf_clear(&text);
		while (n-- > 0)
			buf_add_text(
			    &text, characters[COUNT(characters) - 1 -
					      next_random(&seed) % kinds]);
		if (round % 3 == 0) /* no UTF-8 */
			buf_add_text(&text, "\377");
		if (text.len > 0)
			expect_words(buf_span(&text));
	}
	buf_release(&text);
}

static const struct {
	const char *in, *want;
} texts[] = {
    {"", ""},
    {"plain =?x", "plain =?x"},
    {"a gr" U "n b", "a =?utf-8?Q?gr=C3=BCn?= b"},
    {"gr" U "n b", "=?utf-8?Q?gr=C3=BCn?= b"},
    {"a gr" U "n", "a =?utf-8?Q?gr=C3=BCn?="},
    {"a gr" U "n b gr" U "n c", "a =?utf-8?Q?gr=C3=BCn_b_gr=C3=BCn?= c"},
    {"a\tgr" U "n\tb", "a\t=?utf-8?Q?gr=C3=BCn?=\tb"},
    {"a gr\374n b", "a =?iso-8859-1?Q?gr=FCn?= b"},
    {"(gr" U "n)", "=?utf-8?Q?=28gr=C3=BCn=29?="},
    {"a\001b c", "=?utf-8?Q?a=01b?= c"},
    {"a\177b c", "=?utf-8?Q?a=7Fb?= c"},
};

static void
test_text(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(texts); i++) {
		buf_clear(&to);
		encoded_text(span_of(texts[i].in), &to);
		if (strcmp(buf_text(&to), texts[i].want) != 0)
			fail_msg("\"%s\" becomes \"%s\"", texts[i].in,
			    buf_text(&to));
	}
	buf_release(&to);
}

/* RFC 2047 6.2: blanks between two encoded words are not shown: one that came
 * encoded must not lose its blank to one of ours. Ours has it inside. */
static void
test_text_beside_words(void **state)
{
	static const char word[] = "=?utf-8?Q?a?=";
	struct buf to, got;

	(void)state;
	buf_init(&to, MIB);
	buf_init(&got, MIB);
	encoded_text(span_of("=?utf-8?Q?a?= bl" U U "u"), &to);
	assert_true(span_starts(buf_span(&to), "=?utf-8?Q?a?= =?"));
	assert_true(
	    decode_words(span_from(buf_span(&to), strlen(word) + 1), &got));
	assert_string_equal(buf_text(&got), " bl" U U "u");
	buf_clear(&to);
	buf_clear(&got);
	encoded_text(span_of("bl" U U "u =?utf-8?Q?a?="), &to);
	assert_true(to.len > strlen(word) + 1);
	assert_string_equal(buf_text(&to) + to.len - strlen(word), word);
	assert_true(decode_words(span(to.at, to.len - strlen(word) - 1), &got));
	assert_string_equal(buf_text(&got), "bl" U U "u ");
	buf_release(&to);
	buf_release(&got);
}

static const struct {
	struct span text;
	bool want;
} needs[] = {{{"", 0}, false}, {{"a b\t", 4}, false}, {{"a\r\n b", 5}, false},
    {{U, 2}, true}, {{"\377", 1}, true}, {{"\001", 1}, true},
    {{"\177", 1}, true}, {{"a\0b", 3}, true}};

static void
test_is_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(needs); i++)
		if (encoded_is_needed(needs[i].text) != needs[i].want)
			fail_msg("case %zu", i);
}

/* %XX and attribute-char (RFC 2231 7). */
static bool
decode_percent(struct span code, struct buf *to)
{
	while (code.len > 0) {
		char hex[3] = {'='};
		size_t n = code.at[0] == '%' ? 3 : 1;

		if (code.len < n)
			return false;
		memcpy(hex + 1, code.at + 1, n - 1);
		if (n == 3 ? !decode_hex(span(hex, 3), to)
			   : code.at[0] <= ' ' || code.at[0] > '~' ||
				 strchr("*'()<>@,;:\\\"/[]?=", code.at[0]))
			return false;
		if (n == 1)
			buf_add_byte(to, code.at[0]);
		code = span_from(code, n);
	}
	return true;
}

/* name*=charset''..., or name*0*= and so on, a line for each. */
static bool
decode_parameter(struct span code, const char *charset, struct buf *to)
{
	bool parts = span_starts(code, "name*0*=");
	struct span line;

	for (unsigned i = 0; span_cut(&code, '\n', &line); i++) {
		char lead[80];
		size_t n;

		snprintf(lead, sizeof lead, "%sname*%u*=%s%s", i ? " " : "", i,
		    i ? "" : charset, i ? "" : "''");
		if (!parts)
			snprintf(lead, sizeof lead, "name*=%s''", charset);
		n = strlen(lead);
		if (code.len > 0) {
			if (line.len < 2 || line.at[line.len - 2] != ';')
				return false;
			line.len -= 2;
		}
		if (line.len > 90 || !span_starts(line, lead) ||
		    !decode_percent(span_from(line, n), to))
			return false;
	}
	return true;
}

static void
test_parameter(void **state)
{
	unsigned seed = 1;
	struct buf to, got;

	(void)state;
	buf_init(&to, MIB);
	buf_init(&got, MIB);
	for (size_t round = 0; round < 2000; round++) {
		char value[400];
		size_t len = 1 + next_random(&seed) % (round % 2 ? 30 : 399);
		struct span all = span(value, len);

		for (size_t i = 0; i < len; i++)
			value[i] = (char)(next_random(&seed) >> 4);
		buf_clear(&to);
		buf_clear(&got);
		encoded_parameter(span_of("name"), all, &to);
		if (!decode_parameter(
			buf_span(&to), encoded_charset(all), &got) ||
		    !span_same(buf_span(&got), all))
			fail_msg("%zu octets: \"%s\"", len, buf_text(&to));
	}
	buf_clear(&to);
	encoded_parameter(span_of("x"), span_of(U " a'b.txt"), &to);
	assert_string_equal(buf_text(&to), "x*=utf-8''%C3%BC%20a%27b.txt");
	buf_release(&to);
	buf_release(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_short_texts),
	    cmocka_unit_test(test_long_texts),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_text_beside_words),
	    cmocka_unit_test(test_is_needed),
	    cmocka_unit_test(test_parameter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
