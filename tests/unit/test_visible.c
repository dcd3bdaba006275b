/* SPDX-License-Identifier: ISC */
/* What a terminal is shown. */
#include "unit.h"

#include "cli/visible.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAME NULL

static const struct {
	const char *text, *want;
} cases[] = {
    {"", SAME},
    {"a", SAME},
    {"plain text\n\tindented\r\nand more\r\n", SAME},
    {"\x1b]0;pwned\a\x1b[2J", "?]0;pwned??[2J"},
    {"\x01\x08\x0b\x0c\x0e\x1f\x7f", "???????"},
    /* CR alone writes over the line. */
    {"evil\rgood", "evil?good"},
    {"\r", "?"},
    {"\r\r\n", "?\r\n"},
    {"\n\r", "\n?"},
    /* C1: as UTF-8, raw, and as no UTF-8 may write it. */
    {"\xc2\x9b"
     "2J",
	"?2J"},
    {"\xc2\x80\xc2\x9f\xc2\xa0", "??\xc2\xa0"},
    {"\x9b"
     "2J",
	"?2J"},
    {"a\x80\x9f\xa0", "a??\xa0"},
    {"\xc0\x9b", "\xc0?"},
    {"\xe0\x82\x9b", "\xe0??"},
    {"\xf0\x80\x82\x9b", "\xf0???"},
    /* The same bytes inside of characters are none. */
    {"\xc3\x9b\xc3\x80", SAME},
    {"\xe2\x82\xac \xf0\x9f\x98\x80\n", SAME},
    /* Cut off at the end. */
    {"a\xc2", SAME},
    {"a\xe2\x82", "a\xe2?"},
};

/* Shows text in pieces of so many bytes. */
static void
check(const char *text, const char *want, size_t piece)
{
	char *shown = NULL;
	size_t len = strlen(text), n = 0;
	FILE *memory = open_memstream(&shown, &n), *stream;
	struct visible v;

	assert_non_null(memory);
	stream = visible_open(&v, memory);
	assert_non_null(stream);
	for (size_t at = 0; at < len; at += piece) {
		fwrite(
		    text + at, 1, len - at < piece ? len - at : piece, stream);
		assert_int_equal(fflush(stream), 0);
	}
	assert_int_equal(fclose(stream), 0);
	fclose(memory);
	if (n != strlen(want) || memcmp(shown, want, n) != 0)
		fail_msg("\"%s\" by %zu: \"%s\"", text, piece, shown);
	free(shown);
}

static void
test_controls_are_shown_as_marks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t piece = 1; piece < 8; piece++)
			check(cases[i].text,
			    cases[i].want != SAME ? cases[i].want
						  : cases[i].text,
			    piece);
}

/* What cannot be written is an error, and no endless loop. */
static void
test_a_full_disk_is_seen(void **state)
{
	FILE *full = fopen("/dev/full", "w"), *stream;
	struct visible v;

	(void)state;
	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	stream = visible_open(&v, full);
	fputs("some text\n", stream);
	assert_int_not_equal(fflush(stream), 0);
	fclose(stream);
	fclose(full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_controls_are_shown_as_marks),
	    cmocka_unit_test(test_a_full_disk_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
