/* SPDX-License-Identifier: ISC */
/* The exit codes, by their numbers: scripts know these, not our names. */
#include "unit.h"

#include "cli/exitcode.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	enum error_kind kind;
	int code;
} cases[] = {
    {"none", ERR_NONE, 0},
    {"usage", ERR_USAGE, 64},
    {"data", ERR_DATA, 65},
    {"size", ERR_SIZE, 65},
    {"recipient", ERR_RECIPIENT, 67},
    {"refused", ERR_REFUSED, 69},
    {"internal", ERR_INTERNAL, 70},
    {"io", ERR_IO, 74},
    {"temporary", ERR_TEMPORARY, 75},
    {"permission", ERR_PERMISSION, 77},
    {"config", ERR_CONFIG, 78},
};

static void
test_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (exitcode_of(cases[i].kind) != cases[i].code)
			fail_msg("%s: %d, not %d", cases[i].name,
			    exitcode_of(cases[i].kind), cases[i].code);
}

static void
test_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    exitcode_of(exitcode_kind(cases[i].code)), cases[i].code);
	assert_int_equal(exitcode_kind(65), ERR_DATA);
	assert_int_equal(exitcode_kind(1), ERR_INTERNAL);
	assert_int_equal(exitcode_kind(-1), ERR_INTERNAL);
}

static void
test_report_is_one_line_on_stderr(void **state)
{
	struct error err;
	char said[256] = "";
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO), code;

	(void)state;
	assert_non_null(file);
	error_set(&err, ERR_REFUSED, "no\nsuch %s", "user");
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	code = exitcode_report(&err);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(code, 69);
	rewind(file);
	assert_true(fread(said, 1, sizeof said - 1, file) > 0);
	fclose(file);
	assert_string_equal(said, "pillarbox: no?such user\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_back),
	    cmocka_unit_test(test_report_is_one_line_on_stderr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
