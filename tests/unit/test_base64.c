/* SPDX-License-Identifier: ISC */
/* Base64: strict lines that decode to the same bytes, however they came. */
#include "unit.h"

#include "base/limits.h"
#include "message/base64.h"

#include "decode.h"

static void
encode(struct span all, size_t a, size_t b, struct buf *to)
{
	struct base64 code;

	buf_clear(to);
	base64_init(&code);
	base64_take(&code, span(all.at, a), to);
	base64_take(&code, span(all.at + a, b - a), to);
	base64_take(&code, span_from(all, b), to);
	base64_end(&code, to);
}

static void
expect_back(struct span in, size_t a, size_t b)
{
	struct buf code, got;

	buf_init(&code, MIB);
	buf_init(&got, MIB);
	encode(in, a, b, &code);
	if (!decode_base64(buf_span(&code), &got) ||
	    !span_same(buf_span(&got), in))
		fail_msg("%zu octets, cut at %zu and %zu: \"%s\"", in.len, a, b,
		    buf_text(&code));
	/* Every line but the last is full. */
	if (in.len > 0 &&
	    code.len != (in.len + 2) / 3 * 4 +
			    2 * ((in.len + BASE64_LINE - 1) / BASE64_LINE))
		fail_msg("%zu octets: %zu", in.len, code.len);
	buf_release(&code);
	buf_release(&got);
}

static void
test_all_short(void **state)
{
	static const char alphabet[] = {
	    '\r', '\n', ' ', '=', '.', 'x', '\0', (char)0xc3};

	(void)state;
	for (size_t n = 0; n < 4096; n++) {
		char in[4];

		for (size_t i = 0; i < 4; i++)
			in[i] = alphabet[n >> (3 * i) & 7];
		for (size_t len = 0; len <= 4; len++)
			expect_back(span(in, len), len / 2, len);
	}
}

static void
test_lengths_and_cuts(void **state)
{
	unsigned seed = 1;
	char in[200];

	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (char)(next_random(&seed) >> 4);
	for (size_t len = 0; len <= sizeof in; len++)
		for (size_t cut = 0; cut <= len; cut++)
			expect_back(span(in, len), cut, cut + (len - cut) / 2);
}

/* RFC 4648 10. */
static const struct {
	const char *in, *want;
} vectors[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

static void
test_add(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	for (size_t i = 0; i < COUNT(vectors); i++) {
		buf_clear(&to);
		buf_add_text(&to, "before ");
		base64_add(span_of(vectors[i].in), &to);
		assert_string_equal(buf_text(&to) + 7, vectors[i].want);
	}
	buf_release(&to);
	buf_init(&to, 7);
	base64_add(span_of("foobar"), &to);
	assert_false(buf_ok(&to));
	buf_release(&to);
}

/* After the end it may be used again. */
static void
test_again(void **state)
{
	struct base64 b;
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	base64_init(&b);
	base64_take(&b, span_of("fo"), &to);
	assert_int_equal(to.len, 0);
	base64_end(&b, &to);
	base64_end(&b, &to);
	base64_take(&b, span_of("foo"), &to);
	base64_end(&b, &to);
	assert_string_equal(buf_text(&to), "Zm8=\r\nZm9v\r\n");
	buf_release(&to);
}

/* want NULL: it is none. */
static const struct {
	const char *text, *want;
} codes[] = {
    {"", ""},
    {"Zg==", "f"},
    {"Zm8=", "fo"},
    {"Zm9v", "foo"},
    {"Zm9", NULL},
    {"Zg=", NULL},
    {"Z", NULL},
    {"Zm9v!", NULL},
    {"Zg==Zg==", NULL},
};

static void
test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++) {
		struct buf to;
		bool fine;

		buf_init(&to, 100);
		fine = base64_read(span_of(codes[i].text), &to);
		if (fine != (codes[i].want != NULL) ||
		    (fine && strcmp(buf_text(&to), codes[i].want) != 0))
			fail_msg("%s: %s", codes[i].text, buf_text(&to));
		buf_release(&to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_short),
	    cmocka_unit_test(test_lengths_and_cuts),
	    cmocka_unit_test(test_add),
	    cmocka_unit_test(test_again),
	    cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
