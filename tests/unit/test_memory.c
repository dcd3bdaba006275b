/* SPDX-License-Identifier: ISC */
/* The memory of libcurl: what it is, and that secrets are found in it. */
#include "delivery/hide.h"
#include "delivery/memory.h"

#include "unit.h"

#include <stdint.h>
#include <string.h>

static void
test_as_the_library(void **state)
{
	char *a, *b;

	(void)state;
	a = memory_calloc(3, 5);
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(a[i], 0);
	strcpy(a, "14 characters.");
	a = memory_realloc(a, 100000);
	assert_string_equal(a, "14 characters.");
	a = memory_realloc(a, 5);
	assert_memory_equal(a, "14 ch", 5);
	b = memory_realloc(NULL, 1);
	memory_free(a);
	memory_free(NULL);
	memory_free(b);
	a = memory_malloc(0);
	assert_non_null(a);
	memory_free(a);
	assert_null(memory_calloc(SIZE_MAX / 2, 3));
	assert_null(memory_malloc(SIZE_MAX));
	assert_int_equal(
	    (uintptr_t)(a = memory_malloc(1)) % _Alignof(max_align_t), 0);
	memory_free(a);
}

static void
test_forget(void **state)
{
	char *a = memory_strdup("a secret, and a secret");
	char *b = memory_strdup("secre"), *c = memory_strdup("tsecret");
	char *gone = memory_strdup("secret");

	(void)state;
	memory_free(gone);
	memory_forget(span_of("secret"));
	assert_string_equal(a, "a ******, and a ******");
	assert_string_equal(b, "secre");
	assert_string_equal(c, "t******");
	memory_free(b);
	memory_free(a);
	memory_free(c);
}

/* Behind three octets, one, and two: at each place of a group. */
static void
test_forget_as_sent(void **state)
{
	char *a = memory_strdup("AUTH PLAIN AHUAc2VzYW1lIS4u");
	char *b = memory_strdup("eHNlc2FtZSEuLg==");
	char *c = memory_strdup("eHhzZXNhbWUhLi4= sesame!");

	(void)state;
	hide_from_libcurl("sesame!");
	hide_from_libcurl("");
	hide_from_libcurl(NULL);
	assert_null(strstr(a, "c2VzYW1lI"));
	assert_non_null(strstr(a, "AUTH PLAIN "));
	assert_null(strstr(b, "Nlc2FtZS"));
	assert_null(strstr(c, "zZXNhbWUh"));
	assert_null(strstr(c, "sesame"));
	memory_free(a);
	memory_free(b);
	memory_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_the_library),
	    cmocka_unit_test(test_forget),
	    cmocka_unit_test(test_forget_as_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
