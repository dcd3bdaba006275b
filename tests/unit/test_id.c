/* SPDX-License-Identifier: ISC */
/* Ids: their form, their order, that no two are the same. */
#include "unit.h"

#include "base/id.h"

#include <stdlib.h>
#include <string.h>

static void
test_form(void **state)
{
	char id[ENTRY_ID_SIZE];

	(void)state;
	id_new(0, id);
	assert_memory_equal(id, "0000000000000", 13);
	assert_true(id_is_valid(span_of(id)));
	id_new(0x123456789abcd, id);
	assert_memory_equal(id, "123456789ABCD", 13);
	assert_int_equal(strlen(id), 19);
	assert_true(id_is_valid(span_of(id)));
	id_new(INT64_MAX, id);
	assert_true(id_is_valid(span_of(id)));
}

/* Of one host, text order is the order of age. */
static void
test_order(void **state)
{
	static const int64_t times[] = {0, 1, 9, 10, 255, 256, 1000000,
	    1795289101000000, 1795289101000001, 0xfffffffffffff};
	char last[ENTRY_ID_SIZE] = "", id[ENTRY_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		id_new(times[i], id);
		if (strcmp(last, id) >= 0)
			fail_msg("%s before %s", id, last);
		memcpy(last, id, sizeof last);
	}
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A burst of the same microsecond: of 64 ids at most one pair may meet, which
 * chance brings once in 2000 runs, and two pairs never. */
static void
test_chance(void **state)
{
	char ids[64][ENTRY_ID_SIZE];
	size_t same = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++)
		id_new(1795289101000000, ids[i]);
	qsort(ids, COUNT(ids), sizeof ids[0], compare);
	for (size_t i = 1; i < COUNT(ids); i++)
		same += strcmp(ids[i - 1], ids[i]) == 0;
	assert_true(same <= 1);
}

static const struct {
	const char *text;
	bool want;
} forms[] = {
    {"0123456789ABCDEF012", true},
    {"FFFFFFFFFFFFFFFFFFF", true},
    {"", false},
    {"0123456789ABCDEF01", false},
    {"0123456789ABCDEF0123", false},
    {"0123456789abcdef012", false},
    {"0123456789ABCDEFG12", false},
    {"../../../etc/passwd", false},
    {"0123456789ABCDE/012", false},
    {"0123456789ABCDE.012", false},
    {"-123456789ABCDEF012", false},
    {" 123456789ABCDEF012", false},
    {"0123456789ABCDEF01\n", false},
};

static void
test_is_valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++)
		if (id_is_valid(span_of(forms[i].text)) != forms[i].want)
			fail_msg("\"%s\"", forms[i].text);
	assert_false(id_is_valid(span("0123456789ABCDEF01\0", 19)));
}

/* What is made of an entry comes behind it, and is like nothing else. */
static void
test_derive(void **state)
{
	char id[ENTRY_ID_SIZE], report[ENTRY_ID_SIZE], notice[ENTRY_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		id_new(1795289101000000, id);
		assert_true(strchr("0123", id[13]) != NULL);
		id_derive(id, ID_REPORT, report);
		id_derive(id, ID_NOTICE, notice);
		assert_true(id_is_valid(span_of(report)));
		assert_true(strchr("4567", report[13]) != NULL);
		assert_true(strchr("89AB", notice[13]) != NULL);
		assert_memory_equal(report + 14, id + 14, 6);
		assert_true(strcmp(id, report) < 0);
		assert_true(strcmp(report, notice) < 0);
	}
	/* Ids of before had all 24 bits: at least never the same. */
	id_derive("0123456789ABCF12345", ID_REPORT, report);
	assert_string_equal(report, "0123456789ABC312345");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_chance),
	    cmocka_unit_test(test_derive),
	    cmocka_unit_test(test_is_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
