/* SPDX-License-Identifier: ISC */
/* Recording of failures: kind, text, prefix; cut to fit, harmless to print. */
#include "unit.h"

#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void
test_set(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(error_set(&err, ERR_DATA, "line %d: %s", 3, "no"), -1);
	assert_int_equal(err.kind, ERR_DATA);
	assert_string_equal(err.text, "line 3: no");
	assert_int_equal(error_set(&err, ERR_IO, "other"), -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_string_equal(err.text, "other");
}

static void
test_errno(void **state)
{
	struct error err;
	char want[128];

	(void)state;
	errno = ENOSPC;
	assert_int_equal(error_errno(&err, ERR_TEMPORARY, "file %s", "x"), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	snprintf(want, sizeof want, "file x: %s", strerror(ENOSPC));
	assert_string_equal(err.text, want);
}

static void
test_prefix(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERR_CONFIG, "inner");
	assert_int_equal(error_prefix(&err, "outer %d", 1), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "outer 1: inner");
	error_prefix(&err, "%s", "more");
	assert_string_equal(err.text, "more: outer 1: inner");
	assert_int_equal(error_append(&err, " (%d\n)", 2), -1);
	assert_string_equal(err.text, "more: outer 1: inner (2?)");
	assert_int_equal(err.kind, ERR_CONFIG);
}

/* One line, nothing that a terminal would obey, whoever wrote the words. */
static void
test_controls(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERR_REFUSED, "550 %s", "a\r\nb\033[2J\t\177");
	assert_string_equal(err.text, "550 a??b?[2J??");
	error_prefix(&err, "%s", "x\ny");
	assert_string_equal(err.text, "x?y: 550 a??b?[2J??");
	errno = EPERM;
	error_errno(&err, ERR_IO, "%s", "a\nb");
	assert_null(strchr(err.text, '\n'));
}

/* Texts of every length around the room there is. */
static void
test_cut_to_fit(void **state)
{
	char longer[2 * sizeof((struct error *)0)->text];
	struct error err;
	const size_t room = sizeof err.text;

	(void)state;
	for (size_t n = room - 4; n <= room + 4; n++) {
		size_t fits = n < room ? n : room - 1;

		memset(longer, 'x', n);
		longer[n] = '\0';
		error_set(&err, ERR_DATA, "%s", longer);
		assert_int_equal(strlen(err.text), fits);
		error_prefix(&err, "before");
		assert_int_equal(strlen(err.text), room - 1);
		assert_memory_equal(err.text, "before: xxx", 11);
		errno = ENOENT;
		error_errno(&err, ERR_DATA, "%s", longer);
		assert_int_equal(strlen(err.text), room - 1);
		error_set(&err, ERR_USAGE, "short");
		error_prefix(&err, "%s", longer);
		assert_int_equal(strlen(err.text), room - 1);
		assert_int_equal(err.kind, ERR_USAGE);
		error_set(&err, ERR_USAGE, "short");
		error_append(&err, "%s", longer);
		assert_int_equal(strlen(err.text), room - 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_set),
	    cmocka_unit_test(test_errno),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_controls),
	    cmocka_unit_test(test_cut_to_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
