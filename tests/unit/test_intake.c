/* SPDX-License-Identifier: ISC */
/* Any line ends in, the header in wire form, the body as it came, the same
 * however the input is cut; and the ceilings, at and over them. */
#include "unit.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/intake.h"

#include "intake_cases.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NO_CEILING INT64_MAX

/* Takes all in three pieces, the cuts at a and b. */
static int
take(struct intake *in, struct span all, size_t a, size_t b, int64_t ceiling,
    struct error *err)
{
	*err = (struct error){0};
	intake_init(in, ceiling);
	if (intake_take(in, span(all.at, a), err) != 0 ||
	    intake_take(in, span(all.at + a, b - a), err) != 0 ||
	    intake_take(in, span_from(all, b), err) != 0)
		return -1;
	return intake_end(in, err);
}

/* What small bodies are; large ones are compared by size. */
static struct span
body_of(const struct intake *in)
{
	assert_int_equal(in->body.size, in->body.memory.len);
	return buf_span(&in->body.memory);
}

static void
expect(size_t i, size_t a, size_t b)
{
	struct span all = span_of(cases[i].in);
	struct intake in;
	struct error err;

	if (take(&in, all, a, b, NO_CEILING, &err) != 0)
		fail_msg("%s: %s", cases[i].name, err.text);
	if (!span_is(buf_span(&in.head), cases[i].head) ||
	    !span_is(body_of(&in), cases[i].body))
		fail_msg("%s, cut at %zu and %zu: \"%.*s\" and \"%.*s\"",
		    cases[i].name, a, b, SPAN_ARG(buf_span(&in.head)),
		    SPAN_ARG(body_of(&in)));
	if ((in.facts.eight_bit > 0) != cases[i].eight_bit ||
	    in.facts.octets != in.body.size)
		fail_msg("%s: 8-bit %lld of %lld", cases[i].name,
		    (long long)in.facts.eight_bit, (long long)in.facts.octets);
	intake_release(&in);
}

/* Every case is asked, whole and in all three pieces that it can be cut to. */
static void
test_case(void **state)
{
	size_t i = *(size_t *)*state, len = strlen(cases[i].in);

	for (size_t a = 0; a <= len; a++)
		for (size_t b = a; b <= len; b++)
			expect(i, a, b);
}

/* Writes text to a file without a name and reads it as a message. */
static int
read_text(
    struct intake *in, struct span text, int64_t ceiling, struct error *err)
{
	FILE *f = tmpfile();
	int rc;

	assert_non_null(f);
	assert_int_equal(io_write(fileno(f), text.at, text.len), 0);
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	*err = (struct error){0};
	intake_init(in, ceiling);
	rc = intake_read(in, fileno(f), err);
	fclose(f);
	return rc;
}

/* The blocks of intake_read() end at every byte of a sample. */
static void
test_read_at_block_ends(void **state)
{
	static const char sample[] = "B:y\r\nC: d\r\r\n\re\nF: g\r\n\r\nx\ry\r"
				     "\nz\n\r\nFrom \303\274\n\n.\r\n.";
	static const char head[] = "B:y\r\nC: d\r\n e\r\nF: g\r\n";
	static const char body[] = "x\ry\r\nz\n\r\nFrom \303\274\n\n.\r\n.";
	struct error err;
	struct intake in;
	struct buf text;

	(void)state;
	buf_init(&text, 2 * IO_BLOCK);
	for (size_t n = 0; n < sizeof sample; n++) {
		buf_clear(&text);
		buf_printf(
		    &text, "A: %0*zu\n%s", (int)(IO_BLOCK - n - 4), n, sample);
		if (read_text(&in, buf_span(&text), NO_CEILING, &err) != 0)
			fail_msg("at %zu: %s", n, err.text);
		if (!span_is(span_from(buf_span(&in.head), IO_BLOCK - n + 1),
			head) ||
		    !span_is(body_of(&in), body) || in.facts.eight_bit != 2)
			fail_msg("at %zu: \"%.*s\"", n, SPAN_ARG(body_of(&in)));
		intake_release(&in);
	}
	buf_release(&text);
}

/* before, then fill times "x", then behind: what is left of it. */
static void
expect_long(const char *name, const char *before, size_t fill,
    const char *behind, size_t piece, int64_t head, int64_t body)
{
	size_t len = strlen(before) + fill + strlen(behind);
	char *text = malloc(len + 1);
	struct error err = {0};
	struct intake in;
	int rc = 0;

	memset(text, 'x', len);
	memcpy(text, before, strlen(before));
	strcpy(text + len - strlen(behind), behind);
	intake_init(&in, NO_CEILING);
	for (size_t at = 0; at < len && rc == 0; at += piece)
		rc = intake_take(&in,
		    span(text + at, len - at < piece ? len - at : piece), &err);
	if (rc == 0)
		rc = intake_end(&in, &err);
	if (rc != (head < 0 ? -1 : 0))
		fail_msg("%s, pieces of %zu: %d %s", name, piece, rc, err.text);
	if (rc != 0)
		assert_int_equal(err.kind, ERR_SIZE);
	else if ((int64_t)in.head.len != head || in.body.size != body)
		fail_msg("%s, pieces of %zu: %zu and %lld bytes", name, piece,
		    in.head.len, (long long)in.body.size);
	intake_release(&in);
	free(text);
}

static void
test_long(void **state)
{
	size_t i = *(size_t *)*state;
	static const size_t pieces[] = {
	    64 * MIB, IO_BLOCK, 4096, 1000, 999, 998, 512};

	for (size_t n = 0; n < COUNT(pieces); n++)
		expect_long(long_cases[i].name, long_cases[i].before,
		    long_cases[i].fill, long_cases[i].behind, pieces[n],
		    long_cases[i].head, long_cases[i].body);
}

static void
test_size_ceiling(void **state)
{
	size_t i = *(size_t *)*state;
	struct span all = span_of(sizes[i].in);

	for (size_t cut = 0; cut <= all.len; cut++) {
		struct error err;
		struct intake in;

		if (take(&in, all, cut, cut, sizes[i].size, &err) != 0)
			fail_msg(
			    "%s, at the ceiling: %s", sizes[i].name, err.text);
		intake_release(&in);
		if (take(&in, all, cut, cut, sizes[i].size - 1, &err) == 0)
			fail_msg("%s, one over the ceiling", sizes[i].name);
		assert_int_equal(err.kind, ERR_SIZE);
		assert_non_null(strstr(err.text, "max-size"));
		intake_release(&in);
	}
}

/* Larger than memory holds, and from a file. */
static void
test_size_ceiling_of_a_large_one(void **state)
{
	struct error err;
	struct intake in;
	struct buf text;

	(void)state;
	buf_init(&text, 4 * MIB);
	buf_printf(&text, "A: b\n\n%0*d", 3 * MIB, 1);
	assert_int_equal(
	    read_text(&in, buf_span(&text), 3 * MIB + 10, &err), 0);
	assert_int_equal(in.body.size, 3 * MIB);
	intake_release(&in);
	assert_int_equal(
	    read_text(&in, buf_span(&text), 3 * MIB + 7, &err), -1);
	assert_int_equal(err.kind, ERR_SIZE);
	intake_release(&in);
	buf_release(&text);
}

/* Refused in the header, counted in the body. */
static const struct {
	struct span in;
	const char *line; /* NULL: it is in the body */
} nul[] = {{{"\0", 1}, "line 1,"}, {{"A: b\0", 5}, "line 1,"},
    {{"A: b\nC\0: d\n", 11}, "line 2,"}, {{"From x\nA: b\n\0", 13}, "line 3,"},
    {{"A: b\r\n\r\0", 8}, "line 2,"}, {{"A: b\n\nx\0", 8}, NULL},
    {{"A: b\r\n\r\nx\r\n\0", 12}, NULL}, {{"x\n\n\n\0y", 6}, NULL},
    {{"\n\0", 2}, NULL}};

static void
test_nul(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(nul); i++) {
		for (size_t cut = 0; cut <= nul[i].in.len; cut++) {
			struct error err;
			struct intake in;
			int rc =
			    take(&in, nul[i].in, cut, cut, NO_CEILING, &err);

			if (rc != (nul[i].line ? -1 : 0))
				fail_msg("case %zu: %d %s", i, rc, err.text);
			if (rc == 0)
				assert_true(in.facts.nul);
			else if (err.kind != ERR_DATA ||
				 strstr(err.text, nul[i].line) == NULL)
				fail_msg("case %zu: %s", i, err.text);
			intake_release(&in);
		}
	}
}

static void
test_read_fails(void **state)
{
	int fd = open("/", O_RDONLY);
	struct error err = {0};
	struct intake in;

	(void)state;
	intake_init(&in, NO_CEILING);
	assert_int_equal(intake_read(&in, fd, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	close(fd);
	assert_int_equal(intake_read(&in, fd, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	intake_release(&in);
}

static struct CMUnitTest tests[100];
static size_t numbers[100], test_count;

/* One test for each case of a table, by its name. */
static void
add(const char *name, CMUnitTestFunction test, size_t i)
{
	numbers[test_count] = i;
	tests[test_count] = (struct CMUnitTest){
	    .name = name,
	    .test_func = test,
	    .initial_state = &numbers[test_count],
	};
	test_count++;
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		add(cases[i].name, test_case, i);
	for (size_t i = 0; i < COUNT(long_cases); i++)
		add(long_cases[i].name, test_long, i);
	for (size_t i = 0; i < COUNT(sizes); i++)
		add(sizes[i].name, test_size_ceiling, i);
	add("block ends", test_read_at_block_ends, 0);
	add("size of a large one", test_size_ceiling_of_a_large_one, 0);
	add("NUL", test_nul, 0);
	add("reading fails", test_read_fails, 0);
	return _cmocka_run_group_tests("intake", tests, test_count, NULL, NULL);
}
