/* SPDX-License-Identifier: ISC */
/* Bytes that grow: contents, ceiling, stickiness. */
#include "unit.h"

#include "base/buf.h"

#include <stdlib.h>

static void
expect(struct buf *b, const char *want)
{
	assert_true(buf_ok(b));
	assert_int_equal(b->len, strlen(want));
	assert_string_equal(buf_text(b), want);
	assert_memory_equal(buf_span(b).at, want, b->len);
}

static void
test_empty(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_null(b.at);
	assert_non_null(buf_span(&b).at);
	assert_int_equal(buf_span(&b).len, 0);
	expect(&b, "");
	buf_drop(&b, 0);
	buf_clear(&b);
	buf_wipe(&b);
	expect(&b, "");
	buf_release(&b);
}

static void
test_appends(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_add(&b, "ab", 2);
	buf_add(&b, NULL, 0);
	buf_add_span(&b, span("cdX", 2));
	buf_add_text(&b, "ef");
	buf_add_byte(&b, 'g');
	buf_printf(&b, "%d%s", 12, "!");
	expect(&b, "abcdefg12!");
	buf_clear(&b);
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_memory_equal(buf_span(&b).at, "a\0b", 3);
	buf_release(&b);
}

/* Grows over many allocations and keeps every byte. */
static void
test_growth(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000000);
	for (size_t i = 0; i < 1000000; i++)
		buf_add_byte(&b, (char)('a' + i % 23));
	assert_true(buf_ok(&b));
	assert_int_equal(b.len, 1000000);
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] != (char)('a' + i % 23))
			fail_msg("byte %zu is %d", i, b.at[i]);
	buf_add_byte(&b, 'x');
	assert_false(buf_ok(&b));
	buf_release(&b);
}

static const char *const appends[] = {
    "buf_add", "buf_add_span", "buf_add_text", "buf_printf", "buf_room"};

static void
add_three(struct buf *b, size_t how)
{
	char *room;

	if (how == 0)
		buf_add(b, "xyz", 3);
	else if (how == 1)
		buf_add_span(b, span("xyz", 3));
	else if (how == 2)
		buf_add_text(b, "xyz");
	else if (how == 3)
		buf_printf(b, "%d", 123);
	else if ((room = buf_room(b, 3)) != NULL)
		buf_grown(b, 3);
}

/* Up to the ceiling all fits; over it nothing is added, not even in part. */
static void
test_ceiling(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(appends); i++) {
		struct buf b;

		buf_init(&b, 5);
		buf_add_text(&b, "ab");
		add_three(&b, i);
		if (!buf_ok(&b) || b.len != 5)
			fail_msg("%s: not up to the ceiling", appends[i]);
		buf_release(&b);

		buf_add_text(&b, "abc");
		add_three(&b, i);
		if (buf_ok(&b) || b.len != 3)
			fail_msg("%s: over the ceiling", appends[i]);
		buf_release(&b);
	}
}

static void
test_overflow_is_sticky(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 3);
	buf_add_text(&b, "ab");
	buf_add_text(&b, "cd");
	buf_add_byte(&b, 'c');
	buf_printf(&b, "%s", "");
	assert_null(buf_room(&b, 0));
	assert_false(buf_ok(&b));
	assert_string_equal(buf_text(&b), "ab");
	buf_clear(&b);
	buf_add_text(&b, "abc");
	expect(&b, "abc");
	assert_null(buf_room(&b, SIZE_MAX));
	assert_false(buf_ok(&b));
	buf_release(&b);
	buf_add_text(&b, "xyz");
	expect(&b, "xyz");
	buf_release(&b);
	buf_init(&b, 0);
	buf_add_text(&b, "");
	expect(&b, "");
	buf_add_byte(&b, 'a');
	assert_false(buf_ok(&b));
	buf_release(&b);
}

/* Room is all there before it is counted; clearing keeps the memory. */
static void
test_room_and_clear(void **state)
{
	struct buf b;
	char *room;

	(void)state;
	buf_init(&b, 5000);
	room = buf_room(&b, 5000);
	assert_non_null(room);
	memset(room, 'x', 5000);
	assert_int_equal(b.len, 0);
	buf_grown(&b, 2);
	expect(&b, "xx");
	buf_clear(&b);
	expect(&b, "");
	assert_ptr_equal(buf_room(&b, 5000), room);
	buf_release(&b);
}

static void
test_drop(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 6);
	buf_add_text(&b, "abcdef");
	buf_drop(&b, 0);
	expect(&b, "abcdef");
	buf_drop(&b, 4);
	expect(&b, "ef");
	buf_add_text(&b, "ghij");
	expect(&b, "efghij");
	buf_drop(&b, 6);
	expect(&b, "");
	buf_release(&b);
}

/* All of the memory, also what buf_clear() and buf_drop() left behind. */
static void
test_wipe(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_add_text(&b, "password");
	buf_drop(&b, 4);
	buf_add_text(&b, "more than it can hold");
	buf_clear(&b);
	buf_wipe(&b);
	expect(&b, "");
	for (size_t i = 0; i < b.allocated; i++)
		assert_int_equal(b.at[i], 0);
	buf_release(&b);
}

static void
test_copies(void **state)
{
	char *text = must_strdup("text"), *slice = must_spandup(span("abc", 2));
	char *zeros = must_calloc(4, 2), *none = must_calloc(0, 1);

	(void)state;
	assert_string_equal(text, "text");
	assert_string_equal(slice, "ab");
	assert_memory_equal(zeros, "\0\0\0\0\0\0\0\0", 8);
	assert_non_null(none);
	zeros = must_realloc(zeros, 0, 8);
	assert_non_null(zeros);
	free(text);
	free(slice);
	free(zeros);
	free(none);
}

/* The sanitizer sees what is written behind the end. */
static void
test_arrays_that_grow(void **state)
{
	size_t *all = NULL;

	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		all = must_grow(all, n, sizeof all[0]);
		all[n] = n;
	}
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(all[n], n);
	free(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_growth),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_overflow_is_sticky),
	    cmocka_unit_test(test_room_and_clear),
	    cmocka_unit_test(test_drop),
	    cmocka_unit_test(test_wipe),
	    cmocka_unit_test(test_copies),
	    cmocka_unit_test(test_arrays_that_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
