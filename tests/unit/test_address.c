/* SPDX-License-Identifier: ISC */
/* Address lists as people and programs write them, and what an envelope may
 * hold: nothing that could reach a relay as anything but one address. */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"

#include "address_cases.h"

#include <stdlib.h>

/* The list after a parse of in, joined, or NULL if it was refused. */
static char *
parse(struct span in, struct error *err)
{
	struct address_list list = {0};
	struct buf joined;
	char *text = NULL;

	*err = (struct error){0};
	buf_init(&joined, MIB);
	if (address_parse_list(in, &list, err) == 0) {
		for (size_t i = 0; i < list.count; i++)
			buf_printf(&joined, "%s%s", i ? "|" : "", list.at[i]);
		text = must_strdup(buf_text(&joined));
	} else {
		assert_int_equal(list.count, 0);
	}
	address_list_release(&list);
	buf_release(&joined);
	return text;
}

static void
test_fine(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(fine); i++) {
		char *got = parse(span_of(fine[i].in), &err);

		if (got == NULL)
			fail_msg("refused: %s", err.text);
		if (strcmp(got, fine[i].want) != 0)
			fail_msg("\"%s\" gives %s", fine[i].in, got);
		free(got);
	}
}

/* Every case that is wrongly taken is named, not only the first. */
static void
test_refused(void **state)
{
	const struct refusals *cases = *state;
	struct error err;
	size_t taken = 0;

	for (size_t i = 0; i < cases->n; i++) {
		char *got = parse(span_of(cases->in[i]), &err);

		if (got != NULL)
			print_error(
			    "\"%s\" is taken as \"%s\"\n", cases->in[i], got);
		else
			assert_int_equal(err.kind, ERR_RECIPIENT);
		taken += got != NULL;
		free(got);
	}
	if (taken > 0)
		fail_msg("%zu taken that must be refused", taken);
}

/* Input too long for a table: n times part between before and behind. */
static char *
parse_long(const char *before, const char *part, size_t n, const char *behind)
{
	struct error err;
	struct buf in;
	char *got;

	buf_init(&in, 4 * MIB);
	buf_add_text(&in, before);
	for (size_t i = 0; i < n; i++)
		buf_add_text(&in, part);
	buf_add_text(&in, behind);
	assert_true(buf_ok(&in));
	got = parse(buf_span(&in), &err);
	buf_release(&in);
	return got;
}

static void
test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *got = parse_long(sizes[i].before, sizes[i].part,
		    sizes[i].n, sizes[i].behind);

		if ((got != NULL) != sizes[i].fine)
			fail_msg("%s", sizes[i].name);
		free(got);
	}
}

/* A NUL is never the end of what is looked at. */
static void
test_nul(void **state)
{
	static const struct span with_nul[] = {{"a@b\0", 4}, {"a\0@b", 4},
	    {"\0a@b", 4}, {"\"a\0b\"@c", 7}, {"a@[1\0]", 6}, {"<a@b\0>", 6},
	    {"a@b\0.c", 6}, {"\0", 1}, {"\"a\\\0\"@c", 7}};
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(with_nul); i++) {
		char *got = parse(with_nul[i], &err);

		if (got != NULL)
			fail_msg("case %zu is taken as \"%s\"", i, got);
		assert_int_equal(address_check(with_nul[i], &err), -1);
	}
}

/* Success appends, failure leaves the list as it was and says of what. */
static void
test_list_and_error(void **state)
{
	struct address_list list = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(address_parse_list(span_of("a@b"), &list, &err), 0);
	assert_int_equal(
	    address_parse_list(span_of("c@d, e\r\n f, g@h"), &list, &err), -1);
	assert_int_equal(err.kind, ERR_RECIPIENT);
	assert_ptr_equal(strstr(err.text, "c@d, e?? f, g@h: "), err.text);
	assert_int_equal(list.count, 1);
	assert_int_equal(address_parse_list(span_of(""), &list, &err), 0);
	assert_int_equal(
	    address_parse_list(span_of("G: c@d, e@f;"), &list, &err), 0);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.at[0], "a@b");
	assert_string_equal(list.at[2], "e@f");
	address_list_release(&list);
	assert_int_equal(list.count, 0);
	assert_null(list.at);
	address_list_release(&list);
}

static const struct {
	const char *in, *want;
} ones[] = {
    {"", ""},
    {" \t", ""},
    {"<>", ""},
    {" <>\r\n", ""},
    {"bob@example.com", "bob@example.com"},
    {"Bob <bob@example.com>", "bob@example.com"},
    {"<bob>", "bob"},
    {"G: a@b;", "a@b"},
    {"a@b,", "a@b"},
    {"a@b, c@d", NULL},
    {",", NULL},
    {"G:;", NULL},
    {"(remark)", NULL},
    {"<><>", NULL},
    {"a@b <>", NULL},
    {"a b", NULL},
    {"a@b\nc", NULL},
};

static void
test_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ones); i++) {
		const char *want = ones[i].want;
		struct error err = {0};
		char *got = NULL;
		int rc = address_parse_one(span_of(ones[i].in), &got, &err);

		if (rc != (want ? 0 : -1) || (want && strcmp(got, want) != 0))
			fail_msg("\"%s\": %d %s", ones[i].in, rc, err.text);
		if (want == NULL)
			assert_int_equal(err.kind, ERR_RECIPIENT);
		free(got);
	}
}

static void
test_check(void **state)
{
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(not_for_an_envelope); i++) {
		const char *address = not_for_an_envelope[i];

		if (address_check(span_of(address), &err) == 0)
			fail_msg("taken: \"%s\"", address);
		assert_int_equal(err.kind, ERR_RECIPIENT);
	}
	/* Whatever the parser gives passes. */
	for (size_t i = 0; i < COUNT(fine); i++)
		if (fine[i].want[0] && strchr(fine[i].want, '|') == NULL)
			assert_int_equal(
			    address_check(span_of(fine[i].want), &err), 0);
	assert_int_equal(address_check(span("a@bcd>", 3), &err), 0);
}

static void
test_domain(void **state)
{
	static const struct {
		const char *address;
		size_t domain;
		bool utf8;
	} cases[] = {{"a@b", 2, false}, {"bare", 4, false}, {"", 0, false},
	    {"\"a@b\"@c", 6, false}, {"a@\303\274", 2, true},
	    {"\303\274@b", 3, true}, {"~@b", 2, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span s = span_of(cases[i].address);

		if (address_domain(s) != cases[i].domain ||
		    address_is_utf8(s) != cases[i].utf8)
			fail_msg("%s", cases[i].address);
	}
}

#define REFUSED(i)                                                    \
	{                                                             \
		refused[i].why, test_refused, NULL, NULL, &refused[i] \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fine),
	    REFUSED(0),
	    REFUSED(1),
	    REFUSED(2),
	    REFUSED(3),
	    REFUSED(4),
	    REFUSED(5),
	    REFUSED(6),
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_list_and_error),
	    cmocka_unit_test(test_one),
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_domain),
	};

	assert_int_equal(COUNT(refused), 7);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
