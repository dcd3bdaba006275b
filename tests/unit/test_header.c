/* SPDX-License-Identifier: ISC */
/* Walking a header block: what a line is, fields, folds, nothing skipped. */
#include "unit.h"

#include "message/header.h"

static const struct {
	const char *line;
	enum line_kind want;
} lines[] = {
    {"", LINE_EMPTY},
    {"Subject: x", LINE_FIELD},
    {"Subject:", LINE_FIELD},
    {"Subject:x:y", LINE_FIELD},
    {"Subject \t: x", LINE_FIELD},
    {"x-1_!#$%&'*+.^`|~{}/\\\"(),;<=>?@[]: y", LINE_FIELD},
    {"From: a@b", LINE_FIELD},
    {"From : a@b", LINE_FIELD},
    {"https://example.com", LINE_FIELD},
    {" folded: on", LINE_CONTINUATION},
    {"\tfolded", LINE_CONTINUATION},
    {" ", LINE_CONTINUATION},
    {"From alice@example.com  Sat Nov 21 19:25:01 2026", LINE_MBOX},
    {">From alice@example.com Sat Nov 21 19:25:01 2026", LINE_MBOX},
    {"From ", LINE_MBOX},
    {"From", LINE_OTHER},
    {"From\talice", LINE_OTHER},
    {"from alice Sat", LINE_OTHER},
    {"Fromage 12:30", LINE_OTHER},
    {"Hello Bob,", LINE_OTHER},
    {"at 10:30 we meet", LINE_OTHER},
    {":", LINE_OTHER},
    {": x", LINE_OTHER},
    {"Sub\303\274ject: x", LINE_OTHER},
    {"Sub\001ject: x", LINE_OTHER},
    {"Sub\177ject: x", LINE_OTHER},
    {"\rSubject: x", LINE_OTHER},
    {"\vSubject: x", LINE_OTHER},
    {".", LINE_OTHER},
};

static void
test_line_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (header_line_kind(span_of(lines[i].line)) != lines[i].want)
			fail_msg("\"%s\"", lines[i].line);
	/* No byte behind the line is looked at. */
	assert_int_equal(header_line_kind(span("Subject: x", 7)), LINE_OTHER);
	assert_int_equal(header_line_kind(span("From x", 4)), LINE_OTHER);
	assert_int_equal(header_line_kind(span("Su\0j: x", 7)), LINE_OTHER);
}

#define BLOCK                                  \
	"Received: one\r\n two\r\n\tthree\r\n" \
	"Subject:x\r\n"                        \
	"Empty:\r\n"                           \
	"Blank : \r\n"                         \
	"no field at all\r\n still none\r\n"   \
	"subject: second\r\n"

static const struct {
	const char *whole, *name, *body;
} fields[] = {
    {"Received: one\r\n two\r\n\tthree\r\n", "Received",
	" one\r\n two\r\n\tthree"},
    {"Subject:x\r\n", "Subject", "x"},
    {"Empty:\r\n", "Empty", ""},
    {"Blank : \r\n", "Blank", " "},
    {"no field at all\r\n still none\r\n", "", NULL},
    {"subject: second\r\n", "subject", " second"},
};

static void
test_walk(void **state)
{
	struct span rest = span_of(BLOCK);
	struct field f;

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		assert_true(header_next(&rest, &f));
		if (!span_is(f.whole, fields[i].whole) ||
		    !span_is(f.name, fields[i].name) ||
		    (fields[i].body && !span_is(f.body, fields[i].body)))
			fail_msg("field %zu: \"%.*s\"", i, SPAN_ARG(f.whole));
	}
	assert_false(header_next(&rest, &f));
	assert_int_equal(rest.len, 0);
}

/* Blocks that are none: every byte comes back, in order, in some field. */
static const char *const odd[] = {"", "\r\n", " \r\n", " x\r\nA: b\r\n",
    ":\r\n", "A", "A:", "A:\r\n ", "A: b\r\n\r\nC: d\r\n", "\n\n\n",
    "A: b\nC: d\n", "A: b\r\n\t\r\n \r\nC: d", "\r\r\n", "A:\r\n\r\n\r\n"};

static void
test_nothing_is_skipped(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(odd); i++) {
		struct span rest = span_of(odd[i]);
		const char *at = rest.at;
		struct field f;

		while (header_next(&rest, &f)) {
			if (f.whole.at != at || f.whole.len == 0)
				fail_msg("\"%s\" at %td", odd[i], at - odd[i]);
			at += f.whole.len;
			assert_true(
			    f.body.at + f.body.len <= f.whole.at + f.whole.len);
		}
		if (*at != '\0')
			fail_msg("\"%s\": \"%s\" is left", odd[i], at);
	}
}

static void
test_find(void **state)
{
	struct span head = span_of(BLOCK);
	struct field f;

	(void)state;
	assert_true(header_find(head, "SUBJECT", &f));
	assert_true(span_is(f.body, "x"));
	assert_true(header_find(head, "blank", &f));
	assert_true(header_find(head, "Received", &f));
	assert_false(header_find(head, "Receive", &f));
	assert_false(header_find(head, "two", &f));
	assert_false(header_find(head, "Subject:", &f));
	assert_false(header_find(head, "no field at all", &f));
	assert_false(header_find(span_of(""), "Subject", &f));
	assert_false(header_find(span_of("X: Bcc: y\r\n"), "Bcc", &f));
	assert_false(header_find(span_of("X: y\r\n Bcc: z\r\n"), "Bcc", &f));
}

static const struct {
	const char *body, *want;
} folds[] = {
    {"", ""},
    {" x ", "x"},
    {" one\r\n two", "one two"},
    {" one\r\n\ttwo\r\n  three", "one\ttwo  three"},
    {"\r\n one", "one"},
    {" one\r\n ", "one"},
    {" \r\n \r\n ", ""},
    {"a  b", "a  b"},
};

static void
test_unfold(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	for (size_t i = 0; i < COUNT(folds); i++) {
		buf_clear(&b);
		buf_add_text(&b, "kept ");
		header_unfold(span_of(folds[i].body), &b);
		if (strcmp(buf_text(&b) + 5, folds[i].want) != 0)
			fail_msg(
			    "\"%s\" gives \"%s\"", folds[i].body, buf_text(&b));
		assert_memory_equal(b.at, "kept ", 5);
	}
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_line_kinds),
	    cmocka_unit_test(test_walk),
	    cmocka_unit_test(test_nothing_is_skipped),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_unfold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
