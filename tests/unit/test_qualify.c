/* SPDX-License-Identifier: ISC */
/* Addresses that have no domain get one, and nothing else changes. */
#include "unit.h"

#include "base/limits.h"
#include "message/qualify.h"

static const struct {
	const char *in, *want;
	size_t count;
} bare[] = {
    {" a@b", " a@b", 0},
    {" a", " a@d.example", 1},
    {" a, b@c, e", " a@d.example, b@c, e@d.example", 2},
    {" A <a>", " A <a@d.example>", 1},
    {" A B <a>, \"C, D\" <c>", " A B <a@d.example>, \"C, D\" <c@d.example>", 2},
    {" a (x)", " a@d.example (x)", 1},
    {" g: a, b@c;", " g: a@d.example, b@c;", 1},
    {" g:;", " g:;", 0},
    {" \"a b\"", " \"a b\"@d.example", 1},
    {" \"a@b\"", " \"a@b\"@d.example", 1},
    {" (a@b) c", " (a@b) c@d.example", 1},
    {" <>", " <>", 0},
    {"", "", 0},
    {" a,\r\n b", " a@d.example,\r\n b@d.example", 2},
};

static void
test_qualify(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(bare); i++) {
		size_t n;

		buf_clear(&to);
		n = qualify_list(span_of(bare[i].in), "d.example", &to);
		if (n != bare[i].count ||
		    strcmp(buf_text(&to), bare[i].want) != 0)
			fail_msg("\"%s\" becomes \"%s\", %zu", bare[i].in,
			    buf_text(&to), n);
	}
	buf_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_qualify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
