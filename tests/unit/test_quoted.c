/* SPDX-License-Identifier: ISC */
/* Quoted-printable: decoding gives back the same bytes, with line ends as
 * CRLF, however the input is cut. */
#include "unit.h"

#include "base/limits.h"
#include "message/quoted.h"
#include "message/wire.h"

#include "decode.h"

#include <stdlib.h>

/* In two pieces. */
static void
encode(struct span all, size_t cut, bool soft, struct buf *to)
{
	struct quoted q;

	buf_clear(to);
	quoted_init(&q);
	quoted_take(&q, span(all.at, cut), to);
	quoted_take(&q, span_from(all, cut), to);
	quoted_end(&q, soft, to);
}

static void
expect_back(struct span in)
{
	struct buf want, first, code, got;

	buf_init(&want, MIB);
	buf_init(&first, MIB);
	buf_init(&code, MIB);
	buf_init(&got, MIB);
	for (int soft = 0; soft < 2; soft++) {
		char last = '\0';

		buf_clear(&want);
		wire_convert(in, &last, &want);
		if (!soft)
			buf_add_text(&want, "\r\n");
		encode(in, 0, soft, &first);
		buf_clear(&got);
		if (!decode_quoted(buf_span(&first), &got) ||
		    !span_same(buf_span(&got), buf_span(&want)))
			fail_msg("\"%.*s\" becomes \"%s\"", SPAN_ARG(in),
			    buf_text(&first));
		for (size_t cut = 1; cut <= in.len; cut++) {
			encode(in, cut, soft, &code);
			if (!span_same(buf_span(&code), buf_span(&first)))
				fail_msg(
				    "cut at %zu: \"%s\"", cut, buf_text(&code));
		}
	}
	buf_release(&want);
	buf_release(&first);
	buf_release(&code);
	buf_release(&got);
}

static const char alphabet[] = {
    '\r', '\n', ' ', '=', '.', 'x', '\0', (char)0xc3, '\t'};

static void
test_all_short(void **state)
{
	(void)state;
	for (size_t n = 0; n < 4096; n++) {
		char in[4];

		for (size_t i = 0; i < 4; i++)
			in[i] = alphabet[n >> (3 * i) & 7];
		for (size_t len = 0; len <= 4; len++)
			expect_back(span(in, len));
	}
}

static void
test_random(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		char in[400];
		size_t len = next_random(&seed) % sizeof in;

		for (size_t i = 0; i < len; i++) {
			unsigned r = next_random(&seed);

			in[i] = round % 3 == 0 ? (char)(r >> 4)
				: r % 40 == 0 || round % 3 == 1
				    ? alphabet[r / 40 % sizeof alphabet]
				    : 'a';
		}
		expect_back(span(in, len));
	}
}

/* A line that begins only in the code must not look like a boundary. */
static void
test_no_boundary_comes_up(void **state)
{
	char in[400];
	struct buf code;

	(void)state;
	memset(in, '-', sizeof in);
	buf_init(&code, MIB);
	for (size_t cut = 0; cut <= sizeof in; cut++) {
		encode(span(in, sizeof in), cut, true, &code);
		assert_null(memmem(code.at, code.len, "\n-", 2));
	}
	buf_release(&code);
}

static const struct {
	const char *in, *want;
	bool soft;
} cases[] = {
    {"", "\r\n", false},
    {"", "", true},
    {"x", "x\r\n", false},
    {"x", "x=\r\n", true},
    {"x\n", "x\r\n", true},
    {"a=b\n", "a=3Db\r\n", true},
    {"x \n", "x=20\r\n", true},
    {"x\t\r\n", "x=09\r\n", true},
    {"x y", "x y\r\n", false},
    {"x ", "x=20\r\n", false},
    {"x \r", "x =0D\r\n", false},
    {"x\r\r\n", "x=0D\r\n", true},
    {"\303\274\n", "=C3=BC\r\n", true},
    {"\n\n", "\r\n\r\n", true},
    {"x\n", "x\r\n\r\n", false},
};

static void
test_cases(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(cases); i++) {
		encode(span_of(cases[i].in), 0, cases[i].soft, &to);
		if (strcmp(buf_text(&to), cases[i].want) != 0)
			fail_msg("\"%s\" becomes \"%s\"", cases[i].in,
			    buf_text(&to));
	}
	buf_release(&to);
}

/* Code in, code out: the same text, whatever column its codes fall on. */
static void
test_keep_codes(void **state)
{
	struct buf in, want, code, got;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&want, MIB);
	buf_init(&code, MIB);
	buf_init(&got, MIB);
	for (size_t lead = 0; lead < 160; lead++) {
		struct quoted q;

		buf_clear(&in);
		buf_clear(&want);
		for (size_t i = 0; i < lead; i++)
			buf_add_byte(&in, 'x');
		buf_add_span(&want, buf_span(&in));
		buf_add_text(&in, "=C3=BC\303\274 =3D=\r\ny\r\n");
		buf_add_text(&want, "\303\274\303\274 =y\r\n");
		for (size_t cut = 0; cut <= in.len; cut++) {
			buf_clear(&code);
			buf_clear(&got);
			quoted_init(&q);
			q.keep_codes = true;
			quoted_take(&q, span(in.at, cut), &code);
			quoted_take(&q, span_from(buf_span(&in), cut), &code);
			quoted_end(&q, true, &code);
			if (!decode_quoted(buf_span(&code), &got) ||
			    !span_same(buf_span(&got), buf_span(&want)))
				fail_msg("behind %zu, cut at %zu: \"%s\"", lead,
				    cut, buf_text(&code));
		}
	}
	buf_release(&in);
	buf_release(&want);
	buf_release(&code);
	buf_release(&got);
}

/* What is no code loses nothing; blanks at a line end are none of the text. */
static const struct {
	const char *in, *want;
} broken[] = {
    {"=XY\n", "=3DXY\r\n"},
    {"=4\n", "=3D4\r\n"},
    {"=4=41\n", "=3D4=41\r\n"},
    {"=c3\n", "=c3\r\n"},
    {"x \n", "x\r\n"},
    {"x =\ny\n", "x y\r\n"},
    {"x=", "x=\r\n"},
    {"x=4", "x=3D4=\r\n"},
};

static void
test_broken_codes(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct quoted q;

		buf_clear(&to);
		quoted_init(&q);
		q.keep_codes = true;
		quoted_take(&q, span_of(broken[i].in), &to);
		quoted_end(&q, true, &to);
		if (strcmp(buf_text(&to), broken[i].want) != 0)
			fail_msg("\"%s\" becomes \"%s\"", broken[i].in,
			    buf_text(&to));
	}
	buf_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_short),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_no_boundary_comes_up),
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_keep_codes),
	    cmocka_unit_test(test_broken_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
