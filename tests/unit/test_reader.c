/* SPDX-License-Identifier: ISC */
/* A spooled body line by line: all of it, in its order, lines whole. */
#include "unit.h"

#include "message/reader.h"

#include "decode.h"

#include <stdlib.h>
#include <unistd.h>

/* A line, and what its end is. */
struct expected {
	const char *text, *end;
	bool begins;
	int64_t offset;
};

static const struct {
	const char *in;
	struct expected want[5]; /* up to one without text */
} cases[] = {
    {"", {{NULL, NULL, false, 0}}},
    {"x", {{"x", "", true, 0}}},
    {"\n", {{"", "\n", true, 0}}},
    {"x\n", {{"x", "\n", true, 0}}},
    {"x\r\n", {{"x", "\r\n", true, 0}}},
    {"x\r", {{"x\r", "", true, 0}}},
    {"x\r\r\n", {{"x\r", "\r\n", true, 0}}},
    {"\r\ny", {{"", "\r\n", true, 0}, {"y", "", true, 2}}},
    {"x\ry\nz\n", {{"x\ry", "\n", true, 0}, {"z", "\n", true, 4}}},
    {"a\n\r\nbc\r\n",
	{{"a", "\n", true, 0}, {"", "\r\n", true, 2}, {"bc", "\r\n", true, 4}}},
};

static void
test_lines(void **state)
{
	struct reader *r = must_calloc(1, sizeof *r);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err;
		struct spool s;
		struct piece p;

		spool_init(&s);
		assert_int_equal(spool_add(&s, span_of(cases[i].in), &err), 0);
		reader_init(r, &s, 0);
		for (size_t n = 0; cases[i].want[n].text != NULL; n++) {
			const struct expected *e = &cases[i].want[n];

			if (reader_next(r, &p, &err) != 1 ||
			    !span_is(p.text, e->text) ||
			    !span_is(p.end, e->end) || p.begins != e->begins ||
			    p.offset != e->offset)
				fail_msg("case %zu, line %zu", i, n);
		}
		for (int again = 0; again < 2; again++)
			assert_int_equal(reader_next(r, &p, &err), 0);
		spool_release(&s);
	}
	free(r);
}

/* Reads all from offset and compares with text; lines up to the ceiling must
 * come whole. */
static void
expect_all(const struct spool *s, struct span text, size_t offset)
{
	struct reader *r = must_calloc(1, sizeof *r);
	size_t at = offset;
	struct error err;
	struct piece p;
	bool begins = true;
	int rc;

	reader_init(r, s, (int64_t)offset);
	while ((rc = reader_next(r, &p, &err)) == 1) {
		if (p.offset != (int64_t)at || p.begins != begins ||
		    p.text.len + p.end.len == 0 ||
		    p.text.len + p.end.len > text.len - at ||
		    memcmp(p.text.at, text.at + at, p.text.len) != 0)
			fail_msg("at %zu: not what is there", at);
		at += p.text.len;
		if (p.end.len > 0 &&
		    memcmp(p.end.at, text.at + at, p.end.len) != 0)
			fail_msg("at %zu: not the line end", at);
		at += p.end.len;
		begins = p.end.len > 0;
		if (begins && text.at[at - 1] != '\n')
			fail_msg("at %zu: no line end", at);
		if (!begins && at < text.len && p.begins) {
			const char *lf =
			    memchr(text.at + at, '\n', text.len - at);
			size_t len =
			    (size_t)((lf ? lf : text.at + text.len) - text.at) -
			    (size_t)p.offset;

			if (len <= READER_LINE_MAX)
				fail_msg("at %zu: a line of %zu in pieces",
				    (size_t)p.offset, len);
		}
		if (memchr(p.text.at, '\n', p.text.len) != NULL)
			fail_msg("at %zu: a line end inside", at);
		/* CRLF is never torn. */
		if (!begins && at < text.len && text.at[at - 1] == '\r' &&
		    text.at[at] == '\n')
			fail_msg("at %zu: CR without its LF", at);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(at, text.len);
	free(r);
}

/* Lines of any length, over all edges of blocks and of memory and file. */
static void
test_large(void **state)
{
	static const unsigned longest[] = {3, 80, 1000, 4096, 9000, 200000};
	unsigned seed = 1;
	struct buf text;

	(void)state;
	buf_init(&text, 8 * MIB);
	for (size_t i = 0; i < COUNT(longest); i++)
		for (int round = 0; round < 6; round++) {
			struct error err;
			struct spool s;

			buf_clear(&text);
			while (text.len < 700 * KIB) {
				unsigned n = next_random(&seed) * 32768u +
					     next_random(&seed);

				for (n %= longest[i] + 1; n > 0; n--)
					buf_add_byte(
					    &text, n % 97 == 0 ? '\r' : 'x');
				buf_add_text(&text,
				    next_random(&seed) & 1 ? "\r\n" : "\n");
			}
			spool_init(&s);
			assert_int_equal(
			    spool_add(&s, buf_span(&text), &err), 0);
			expect_all(&s, buf_span(&text), 0);
			spool_release(&s);
		}
	buf_release(&text);
}

/* From the beginning of any line. */
static void
test_offsets(void **state)
{
	static const char text[] = "a\nbc\r\n\r\nd\re\nlast";
	struct error err;
	struct spool s;

	(void)state;
	spool_init(&s);
	assert_int_equal(spool_add(&s, span_of(text), &err), 0);
	expect_all(&s, span_of(text), 0);
	for (size_t at = 1; at <= strlen(text); at++)
		if (text[at - 1] == '\n')
			expect_all(&s, span_of(text), at);
	expect_all(&s, span_of(text), strlen(text));
	spool_release(&s);
}

/* Someone cut the file. */
static void
test_read_fails(void **state)
{
	struct reader *r = must_calloc(1, sizeof *r);
	struct error err = {0};
	struct spool s;
	struct piece p;
	struct buf text;
	int rc;

	(void)state;
	buf_init(&text, MIB);
	while (text.len < 600 * KIB)
		buf_add_text(&text, "a line\n");
	spool_init(&s);
	assert_int_equal(spool_add(&s, buf_span(&text), &err), 0);
	assert_int_equal(ftruncate(s.fd, 1000), 0);
	reader_init(r, &s, 0);
	while ((rc = reader_next(r, &p, &err)) == 1)
		continue;
	assert_int_equal(rc, -1);
	assert_int_equal(err.kind, ERR_IO);
	spool_release(&s);
	buf_release(&text);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_offsets),
	    cmocka_unit_test(test_read_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
