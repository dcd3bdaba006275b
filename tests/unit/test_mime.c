/* SPDX-License-Identifier: ISC */
/* The parts of a body: what must change and only that, whatever its line
 * ends; and nothing that must not leave. */
#include "unit.h"

#include "decode.h"
#include "mime_cases.h"

#include <stdio.h>
#include <stdlib.h>

static void
expect(const char *name, struct run *r, int flags, struct span want)
{
	if (flags & REFUSED) {
		if (r->rc == 0 || r->err.kind != ERR_DATA ||
		    strstr(r->err.text, want.at) == NULL)
			fail_msg("%s: %d \"%s\" \"%s\"", name, r->rc,
			    r->err.text, buf_text(&r->out));
		return;
	}
	if (r->rc != 0)
		fail_msg("%s: %s", name, r->err.text);
	if (!span_same(buf_span(&r->out), want))
		fail_msg("%s:\n%s\n, not\n%.*s", name, buf_text(&r->out),
		    SPAN_ARG(want));
	if (!is_fit(r))
		fail_msg("%s: not fit to leave", name);
	if (r->result.eight_bit != ((flags & EIGHT) != 0))
		fail_msg("%s: eight_bit is %d", name, r->result.eight_bit);
}

static void
crlf(const char *text, struct buf *to)
{
	char last = '\0';

	buf_init(to, MIB);
	wire_convert(span_of(text), &last, to);
}

/* A case of the table; the body with LF, or with CRLF. */
static void
test_case(void **state)
{
	size_t i = *(size_t *)*state;
	size_t head_len =
	    (size_t)(strstr(cases[i].in, "\n\n") - cases[i].in) + 1;
	bool refused = (cases[i].flags & REFUSED) != 0;
	struct buf all, want, start;
	char *head = strndup(cases[i].in, head_len);
	struct run r;

	crlf(cases[i].in, &all);
	crlf(head, &start);
	if (refused)
		buf_init(&want, 100), buf_add_text(&want, cases[i].want);
	else
		crlf(cases[i].want ? cases[i].want : cases[i].in, &want);
	buf_text(&want);
	walk(&r, buf_span(&start), span_of(cases[i].in + head_len + 1),
	    cases[i].flags);
	expect(cases[i].name, &r, cases[i].flags, buf_span(&want));
	release(&r);
	walk(&r, buf_span(&start), span_from(buf_span(&all), start.len + 2),
	    cases[i].flags);
	expect(cases[i].name, &r, cases[i].flags, buf_span(&want));
	release(&r);
	buf_release(&all);
	buf_release(&start);
	buf_release(&want);
	free(head);
}

/* Whatever it is, it leaves in a fit form or not at all. */
static const struct {
	const char *name;
	struct span in;
} hostile[] = {
    {"CR in a part's header", {"--b\nA: b\rc\n\nx\n--b--\n", 21}},
    {"two CR at the end of a field", {"--b\nA: b\r\r\n\nx\n--b--\n", 21}},
    {"NUL in a part's header", {"--b\nA: b\0c\n\nx\n--b--\n", 21}},
    {"NUL in a raw field", {"--b\nA: \303\274\0c\n\nx\n--b--\n", 22}},
    {"CR in a raw field", {"--b\nA: \303\274\rc\n\nx\n--b--\n", 22}},
    {"CR in the preamble", {"a\rb\n--b\n\nx\n--b--\n", 18}},
    {"NUL in the epilogue", {"--b\n\nx\n--b--\na\0b\n", 18}},
    {"CR behind a boundary", {"--b\r\r\n\nx\n--b--\n", 16}},
    {"CR inside of a boundary line", {"--b \r \n\nx\n--b--\n", 17}},
    {"CR behind a close", {"--b\n\nx\n--b--\r\r\n", 16}},
    {"CR for an empty line", {"--b\n\r\r\nx\n--b--\n", 16}},
};

static void
test_hostile(void **state)
{
	size_t bad = 0;

	(void)state;
	for (int locked = 0; locked < 2; locked++)
		for (size_t i = 0; i < COUNT(hostile); i++) {
			struct run r;

			walk(&r,
			    span_of(locked ? "Content-Type: multipart/signed; "
					     "boundary=b\r\n"
					   : multi_head),
			    hostile[i].in, 0);
			if (r.rc == 0 && !is_fit(&r)) {
				print_message("%s, signed %d: \"%s\"\n",
				    hostile[i].name, locked, buf_text(&r.out));
				bad++;
			}
			release(&r);
		}
	assert_int_equal(bad, 0);
}

/* A long line around parts that are signed cannot leave either. */
static void
test_long_lines_around(void **state)
{
	struct buf in;

	(void)state;
	buf_init(&in, MIB);
	buf_printf(&in, "%02000d\n--b\n\nx\n--b--\n%05000d\n", 1, 1);
	for (int locked = 0; locked < 2; locked++) {
		struct run r;

		walk(&r,
		    span_of(
			locked
			    ? "Content-Type: multipart/signed; boundary=b\r\n"
			    : multi_head),
		    buf_span(&in), 0);
		if (r.rc == 0 && !is_fit(&r))
			fail_msg("signed %d: %s", locked, buf_text(&r.out));
		release(&r);
	}
	buf_release(&in);
}

/* A multipart without any boundary line: its text is not lost unsaid. */
static void
test_no_boundary_line(void **state)
{
	struct run r;

	(void)state;
	walk(&r, span_of(multi_head), span_of("Hello\n" TEXT "\n"), 0);
	if (r.rc == 0 && strstr(buf_text(&r.out), TEXT) == NULL &&
	    strstr(buf_text(&r.out), TEXT_QP) == NULL)
		fail_msg("\"%s\"", buf_text(&r.out));
	release(&r);
}

/* Deeper than any honest message: as it is, or refused; never harmed. */
static void
test_depth(void **state)
{
	static const int depths[] = {1, 31, 32, 33, 40, 200};

	(void)state;
	for (size_t i = 0; i < COUNT(depths); i++) {
		for (int eight_bit = 0; eight_bit < 2; eight_bit++) {
			struct buf in;
			struct run r;

			buf_init(&in, MIB);
			for (int d = 1; d <= depths[i]; d++)
				buf_printf(&in,
				    "--b%d\r\nContent-Type: multipart/mixed; "
				    "boundary=b%d\r\n\r\n",
				    d - 1, d);
			buf_printf(&in, "--b%d\r\n\r\n%s\r\n", depths[i],
			    eight_bit ? TEXT : "x");
			for (int d = depths[i]; d >= 0; d--)
				buf_printf(&in, "--b%d--\r\n", d);
			walk(&r,
			    span_of("Content-Type: multipart/mixed; "
				    "boundary=b0\r\n"),
			    buf_span(&in), 0);
			if (r.rc == 0 && !is_fit(&r))
				fail_msg("depth %d", depths[i]);
			if (!eight_bit &&
			    (r.rc != 0 || memcmp(r.out.at + 46, in.at, in.len)))
				fail_msg("depth %d is changed", depths[i]);
			/* RFC 2045 6.4: never a multipart in base64. */
			if (strstr(buf_text(&r.out), "base64") != NULL)
				fail_msg("depth %d in base64", depths[i]);
			release(&r);
			buf_release(&in);
		}
	}
}

static const struct {
	const char *head, *body;
	bool seven_bit, want;
} walks[] = {
    {"A: b\r\n", "x\n", false, false},
    {"A: b\r\n", "x\n", true, false},
    {"A: b\r\n", U "\n", false, true},
    {"Content-Transfer-Encoding: 8bit\r\n"
     "Content-Type: text/plain; charset=utf-8\r\n",
	U "\n", false, false},
    {"Content-Transfer-Encoding: 8bit\r\n"
     "Content-Type: text/plain; charset=utf-8\r\n",
	U "\n", true, true},
    {"Content-Transfer-Encoding: 8bit\r\n", U "\n", false, true},
    {"Content-Transfer-Encoding: 8bit\r\n"
     "Content-Type: multipart/mixed; boundary=b\r\n",
	U "\n", false, true},
    {"A: b\r\n", "x\ry\n", false, true},
};

static void
test_needs_walk(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(walks); i++) {
		const struct mime_request request = {
		    .head = span_of(walks[i].head),
		    .seven_bit = walks[i].seven_bit};
		struct facts f;

		facts_init(&f);
		facts_take(&f, span_of(walks[i].body));
		if (mime_needs_walk(&request, &f) != walks[i].want)
			fail_msg("case %zu", i);
	}
}

int
main(void)
{
	static struct CMUnitTest tests[COUNT(cases) + 5];
	static size_t numbers[COUNT(cases)];
	static const struct CMUnitTest others[] = {
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_long_lines_around),
	    cmocka_unit_test(test_no_boundary_line),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_needs_walk),
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		numbers[i] = i;
		tests[i] = (struct CMUnitTest){.name = cases[i].name,
		    .test_func = test_case,
		    .initial_state = &numbers[i]};
	}
	memcpy(tests + COUNT(cases), others, sizeof others);
	return _cmocka_run_group_tests("mime", tests, COUNT(tests), NULL, NULL);
}
