/* SPDX-License-Identifier: ISC */
/* The password of a relay from a command: what it says, and that it fails. */
#include "unit.h"

#include "secret_cases.h"

static int
from_shell(char *line, struct buf *to, struct error *err)
{
	char *command[] = {"sh", "-c", line, NULL};
	struct relay relay = {.name = "work", .password_command = command};

	return secret_of(&relay, to, err);
}

/* want NULL: refused. */
static const struct {
	char *line;
	const char *want;
} contents[] = {
    {"printf secret", "secret"},
    {"echo secret", "secret"},
    {"printf 'secret\\r\\n'", "secret"},
    {"printf ' a b \\t\\n'", " a b \t"},
    {"printf 'one\\ntwo\\n'", NULL},
    {"printf 'one\\n\\n'", NULL},
    {"printf '\\none'", NULL},
    {"printf 'a\\0b'", NULL},
    {"printf '\\n'", NULL},
    {":", NULL},
    /* It has no input to wait for. What comes in pieces is one. */
    {"cat; printf sec; sleep 0.1; echo ret", "secret"},
};

static void
test_contents(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(contents); i++) {
		struct error err;
		struct buf to;
		int rc = from_shell(contents[i].line, &to, &err);

		check_secret(contents[i].line, rc, &to, &err, contents[i].want);
	}
}

static void
test_command_ceiling(void **state)
{
	struct error err;
	struct buf to;

	(void)state;
	assert_int_equal(
	    from_shell("head -c 16385 /dev/zero | tr '\\0' x", &to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_release(&to);
	assert_int_equal(from_shell("yes", &to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_release(&to);
	if (from_shell("head -c 16384 /dev/zero | tr '\\0' x", &to, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(to.len, SECRET_MAX);
	buf_release(&to);
}

/* Why, and with what status; never a byte of what it printed. */
static const struct {
	char *line;
	const char *status;
} failures[] = {
    {"echo hunter2; exit 3", "status 3"},
    {"echo hunter2; exit 1", "status 1"},
    {"echo hunter2; kill -KILL $$", ""},
    {"exit 127", "status 127"},
};

static void
test_failing_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(failures); i++) {
		struct error err;
		struct buf to;

		assert_int_equal(from_shell(failures[i].line, &to, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, "password-command sh") ||
		    !strstr(err.text, failures[i].status) ||
		    strstr(err.text, "hunter2"))
			fail_msg("%s: %s", failures[i].line, err.text);
		buf_release(&to);
	}
}

static void
test_command(void **state)
{
	char *none[] = {"no-such-program-anywhere", "x", NULL};
	char *split[] = {"printf", "%s|", "a b", "$HOME", ";", NULL};
	struct relay relay = {.name = "work", .password_command = none};
	struct error err = {0};
	struct buf to;

	(void)state;
	buf_init(&to, SECRET_MAX);
	assert_int_equal(secret_read(&relay, &to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "no-such-program-anywhere"));
	buf_clear(&to);
	/* No shell looks at the words. */
	relay.password_command = split;
	assert_int_equal(secret_read(&relay, &to, &err), 0);
	assert_string_equal(buf_text(&to), "a b|$HOME|;|");
	buf_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_contents),
	    cmocka_unit_test(test_command_ceiling),
	    cmocka_unit_test(test_failing_commands),
	    cmocka_unit_test(test_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
