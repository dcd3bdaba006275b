/* SPDX-License-Identifier: ISC */
/* Who sends it and who shall get it, from arguments and header. */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/envelope.h"

#include "envelope_cases.h"

#include <stdio.h>
#include <stdlib.h>

/* "sender>one|two", or why there is no envelope. */
static enum error_kind
make(const struct envelope_request *request, const char *head, struct buf *text)
{
	struct error err = {0};
	struct envelope e;

	buf_clear(text);
	if (envelope_make(&e, request, span_of(head), &err) != 0) {
		assert_null(e.rcpt);
		assert_null(e.sender);
		buf_add_text(text, err.text);
		return err.kind;
	}
	buf_printf(text, "%s>", e.sender);
	for (size_t i = 0; i < e.rcpt_count; i++)
		buf_printf(text, "%s%s", i ? "|" : "", e.rcpt[i].address);
	if (e.utf8)
		buf_add_text(text, " utf8");
	if (e.eight_bit || e.ret || e.envid || e.rcpt[0].notify ||
	    e.rcpt[0].orcpt)
		buf_add_text(text, " more");
	envelope_release(&e);
	return ERR_NONE;
}

static void
test_case(void **state)
{
	size_t i = *(size_t *)*state;
	char *arguments =
	    must_strdup(cases[i].arguments ? cases[i].arguments : "");
	struct span rest = span_of(arguments), part;
	const char *rcpt[8];
	struct envelope_request request = {
	    .sender = cases[i].sender,
	    .rcpt = rcpt,
	    .from_header = cases[i].t,
	    .after_dashes = cases[i].dashes,
	    .login = "me",
	    .host_name = "host.example",
	    .relay_from = cases[i].relay_from ? "relay@from.example" : NULL,
	    .bare_allowed = cases[i].bare,
	    .domain = cases[i].bare ? "home.example" : NULL,
	    .extract_remove = cases[i].less,
	};
	enum error_kind kind;
	struct buf text;

	while (span_cut(&rest, '|', &part)) {
		arguments[part.at + part.len - arguments] = '\0';
		rcpt[request.rcpt_count++] = part.at;
	}
	buf_init(&text, MIB);
	kind = make(&request, cases[i].head, &text);
	if (kind != cases[i].kind ||
	    (kind ? strstr(buf_text(&text), cases[i].want) == NULL
		  : strcmp(buf_text(&text), cases[i].want) != 0))
		fail_msg("%d: %s", (int)kind, buf_text(&text));
	buf_release(&text);
	free(arguments);
}

static void
test_add(void **state)
{
	struct envelope e = {0};
	struct error err;

	(void)state;
	assert_int_equal(envelope_add(&e, span("a@bXX", 3), &err), 0);
	assert_int_equal(envelope_add(&e, span_of("A@b"), &err), 0);
	assert_int_equal(e.rcpt_count, 2);
	assert_string_equal(e.rcpt[0].address, "a@b");
	assert_string_equal(e.rcpt[1].address, "A@b");
	assert_null(e.rcpt[0].notify);
	assert_null(e.rcpt[0].orcpt);
	assert_false(e.utf8);
	assert_int_equal(envelope_add(&e, span_of("\303\274@b"), &err), 0);
	assert_true(e.utf8);
	envelope_release(&e);
	assert_int_equal(e.rcpt_count, 0);
	envelope_release(&e);
}

/* It is envelope_make() that knows the same address when it comes again. */
static void
test_add_twice(void **state)
{
	struct envelope e = {0};
	struct error err;
	size_t n;

	(void)state;
	envelope_add(&e, span_of("a@b"), &err);
	envelope_add(&e, span_of("a@B"), &err);
	envelope_add(&e, span_of("a@b"), &err);
	n = e.rcpt_count;
	envelope_release(&e);
	assert_int_equal(n, 3);
}

/* At the ceiling all is well; the same address again is not one more. */
static void
test_many(void **state)
{
	struct envelope_request request = {
	    .from_header = true, .login = "me", .host_name = "host.example"};
	struct error err = {0};
	struct envelope e;
	struct buf head;

	(void)state;
	buf_init(&head, 4 * MIB);
	buf_add_text(&head, "To: u0@b");
	for (int i = 1; i < RCPT_COUNT_MAX; i++)
		buf_printf(&head, ",\r\n u%d@example.com, u0@b", i);
	assert_int_equal(envelope_make(&e, &request, buf_span(&head), &err), 0);
	assert_int_equal(e.rcpt_count, RCPT_COUNT_MAX);
	assert_string_equal(e.rcpt[9999].address, "u9999@example.com");
	envelope_release(&e);
	buf_add_text(&head, ", one@more");
	assert_int_equal(
	    envelope_make(&e, &request, buf_span(&head), &err), -1);
	assert_int_equal(err.kind, ERR_DATA);
	assert_non_null(strstr(err.text, "10000"));
	buf_release(&head);
}

int
main(void)
{
	static struct CMUnitTest tests[COUNT(cases) + 3] = {
	    cmocka_unit_test(test_add), cmocka_unit_test(test_add_twice),
	    cmocka_unit_test(test_many)};
	static size_t numbers[COUNT(cases)];

	for (size_t i = 0; i < COUNT(cases); i++) {
		numbers[i] = i;
		tests[3 + i] = (struct CMUnitTest){.name = cases[i].name,
		    .test_func = test_case,
		    .initial_state = &numbers[i]};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
