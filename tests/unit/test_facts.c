/* SPDX-License-Identifier: ISC */
/* What is known of content, however it came in pieces. */
#include "unit.h"

#include "base/limits.h"
#include "message/facts.h"
#include "message/wire.h"

#include "decode.h"

/* A CR that may yet be of a line end is not counted into its line. */
static const struct {
	struct span in;
	int64_t lines, crlf, cr, eight_bit, longest, wire;
	bool open, unfit;
} cases[] = {
    {{"", 0}, 0, 0, 0, 0, 0, 0, false, false},
    {{"x", 1}, 0, 0, 0, 0, 1, 3, true, false},
    {{"x\n", 2}, 1, 0, 0, 0, 1, 3, false, false},
    {{"x\r\n", 3}, 1, 1, 1, 0, 1, 3, false, false},
    {{"\n\r\n", 3}, 2, 1, 1, 0, 0, 4, false, false},
    {{"a\nbcd\r\ne", 8}, 2, 1, 1, 0, 3, 11, true, false},
    {{"\r", 1}, 0, 0, 1, 0, 0, 3, true, true},
    {{"x\ry\n", 4}, 1, 0, 1, 0, 3, 5, false, true},
    {{"x\r\r\n", 4}, 1, 1, 2, 0, 2, 4, false, true},
    {{"\n\r", 2}, 1, 0, 1, 0, 0, 5, true, true},
    {{"\303\274\377\n", 4}, 1, 0, 0, 3, 3, 5, false, false},
    {{"a\0b\n", 4}, 1, 0, 0, 0, 3, 5, false, true},
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span in = cases[i].in;

		for (size_t a = 0; a <= in.len; a++)
			for (size_t b = a; b <= in.len; b++) {
				struct facts f;

				facts_init(&f);
				facts_take(&f, span(in.at, a));
				facts_take(&f, span(in.at + a, b - a));
				facts_take(&f, span_from(in, b));
				if (f.octets != (int64_t)in.len ||
				    f.lines != cases[i].lines ||
				    f.crlf != cases[i].crlf ||
				    f.cr != cases[i].cr ||
				    f.eight_bit != cases[i].eight_bit ||
				    facts_is_open(&f) != cases[i].open ||
				    facts_is_unfit(&f) != cases[i].unfit ||
				    facts_wire_size(&f) != cases[i].wire)
					fail_msg("case %zu, cut at %zu and %zu",
					    i, a, b);
				if (f.longest != cases[i].longest)
					fail_msg("case %zu, cut at %zu and "
						 "%zu: longest %lld",
					    i, a, b, (long long)f.longest);
			}
	}
}

/* The size is that of what wire_convert() writes. */
static void
test_wire_size(void **state)
{
	static const char alphabet[] = {'\r', '\n', 'x', ' '};

	(void)state;
	for (size_t n = 0; n < 4096; n++) {
		char in[6], last = '\0';
		struct facts f;
		struct buf to;

		for (size_t i = 0; i < 6; i++)
			in[i] = alphabet[n >> (2 * i) & 3];
		buf_init(&to, 100);
		wire_convert(span(in, 6), &last, &to);
		wire_close(last, &to);
		facts_init(&f);
		facts_take(&f, span(in, 6));
		if (facts_wire_size(&f) != (int64_t)to.len)
			fail_msg("case %zu", n);
		buf_release(&to);
	}
}

/* A line of 998 may be, in any pieces; one of 999 not. */
static void
test_longest(void **state)
{
	char text[1000 + 2];

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t len = 997; len <= 1000; len++) {
		memcpy(text + len, "\r\n", 2);
		for (size_t cut = 0; cut <= len + 2; cut++) {
			struct facts f;

			facts_init(&f);
			facts_take(&f, span(text, cut));
			facts_take(&f, span(text + cut, len + 2 - cut));
			if (facts_is_unfit(&f) != (len > TEXT_LINE_MAX) ||
			    f.longest != (int64_t)len)
				fail_msg("%zu, cut at %zu: %lld", len, cut,
				    (long long)f.longest);
		}
		text[len] = text[len + 1] = 'x';
	}
}

/* Of text and of bytes; CRLF and LF make no difference. */
static void
test_prefers_quoted(void **state)
{
	static const struct {
		unsigned every; /* how many octets to one of 8 bits */
		bool want;
	} mixes[] = {
	    {1, false}, {2, false}, {4, false}, {20, true}, {70, true}};

	(void)state;
	for (size_t i = 0; i < COUNT(mixes); i++)
		for (int crlf = 0; crlf < 2; crlf++) {
			struct facts f;

			facts_init(&f);
			for (unsigned k = 1; k <= 7000; k++) {
				facts_take(&f,
				    span_of(k % mixes[i].every ? "x" : "\303"));
				if (k % 70 == 0)
					facts_take(
					    &f, span_of(crlf ? "\r\n" : "\n"));
			}
			if (facts_prefers_quoted(&f) != mixes[i].want)
				fail_msg("one of %u", mixes[i].every);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_wire_size),
	    cmocka_unit_test(test_longest),
	    cmocka_unit_test(test_prefers_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
