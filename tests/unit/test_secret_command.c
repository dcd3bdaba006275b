/* SPDX-License-Identifier: ISC */
/* The password of a relay from a command: what it says, and that it fails. */
#include "unit.h"

#include "base/process.h"
#include "secret_cases.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
    /* As of pass(1), where notes stand behind the password. */
    {"printf 'one\\ntwo\\n'", "one"},
    {"printf 'one\\n\\n'", "one"},
    {"printf 'one\\r\\ntwo\\0\\n'", "one"},
    {"printf '\\none'", NULL},
    {"printf 'a\\0b'", NULL},
    {"printf 'a\\0b\\nc\\n'", NULL},
    {"printf '\\n'", NULL},
    {":", NULL},
    /* It has no input to wait for. What comes in pieces is one. */
    {"cat; printf sec; sleep 0.1; echo ret", "secret"},
    {"exec <&-; echo secret", "secret"},
    {"exec 2>&-; echo secret", "secret"},
    {"echo secret; exec >&- 2>&-; sleep 0.1", "secret"},
    /* What it has started keeps its output open, and is not waited for. */
    {"sleep 70 & echo secret", "secret"},
    /* What it says there is no part of it, however much. */
    {"head -c 1000000 /dev/zero >&2; echo secret", "secret"},
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
	/* Of 1 GB no more is read than fits. */
	assert_int_equal(from_shell("yes | head -c 1000000000", &to, &err), -1);
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
    {"echo hunter2; kill -KILL $$", "signal 9 (Killed) ended it"},
    {"kill -TERM $$", "signal 15 (Terminated) ended it"},
    {"sh -c 'kill -TERM $$'; exit 143", "status 143"},
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

/* What it says on its stderr, and what of that we say on ours. */
static const struct {
	char *line;
	const char *said;
} sayings[] = {
    {"echo hunter2; echo locked >&2", "locked\n"},
    {"echo hunter2; echo locked >&2; exit 3", "locked\n"},
    {"set -x; echo hunter2", "+ echo ****\n"},
    {"set -x; echo hunter2; exit 3", "+ echo ****\n+ exit 3\n"},
    {"printf hunter2; printf '(hunter2)\033\\0' >&2", "(****)??\n"},
    {"echo hunter2; printf 'one\n'; echo hunter2, hunter22 >&2",
	"****, ****2\n"},
    /* The beginning of a secret could be at the end of what fits. */
    {"echo hunter2; head -c 4090 /dev/zero | tr '\\0' x >&2; "
     "echo hunter2 >&2",
	""},
};

static void
hear(char *line, char *to, size_t size)
{
	int fd[2], kept = dup(STDERR_FILENO);
	struct error err;
	struct buf secret;
	ssize_t n;

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(dup2(fd[1], STDERR_FILENO), STDERR_FILENO);
	from_shell(line, &secret, &err);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(fd[1]);
	n = read(fd[0], to, size - 1);
	to[n > 0 ? n : 0] = '\0';
	close(fd[0]);
	buf_wipe(&secret);
	buf_release(&secret);
}

static void
test_stderr(void **state)
{
	char heard[2000];

	(void)state;
	for (size_t i = 0; i < COUNT(sayings); i++) {
		hear(sayings[i].line, heard, sizeof heard);
		if (strcmp(heard, sayings[i].said) != 0)
			fail_msg("%s: \"%s\"", sayings[i].line, heard);
	}
	/* Who calls may not be who may know. */
	process_called_by(geteuid() + 1);
	hear(sayings[0].line, heard, sizeof heard);
	assert_string_equal(heard, "");
	process_called_by(geteuid());
}

/* A web server makes variables of what anybody sends it. */
static void
test_environment(void **state)
{
	char *command[] = {"sh", "-c",
	    "echo \"$HTTP_X|$LD_X|$LC_X|$XDG_X|$BW_X|$HOME|$HOMEX\"", NULL};
	struct relay relay = {.name = "work", .password_command = command};
	struct error err;
	struct buf to;

	(void)state;
	setenv("HTTP_X", "http", 1);
	setenv("LD_X", "ld", 1);
	setenv("LC_X", "lc", 1);
	setenv("XDG_X", "xdg", 1);
	setenv("BW_X", "bw", 1);
	setenv("HOME", "/home/a", 1);
	setenv("HOMEX", "homex", 1);
	check_secret("environment", secret_of(&relay, &to, &err), &to, &err,
	    "||lc|xdg|bw|/home/a|");
	assert_string_equal(getenv("HTTP_X"), "http");
}

/* And has not only not been waited for. */
static bool
is_there(pid_t pid)
{
	char path[40], state = 'Z';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fscanf(file, "%*d %*s %c", &state) != 1)
		state = 'Z';
	fclose(file);
	return state != 'Z';
}

/* Of what fails, or has ended, nothing is left; but what leaves its group, as
 * an agent does. */
static const struct {
	char *line;
	bool stays;
} started[] = {
    {"sleep 70 >/dev/null 2>&1 & echo $!", false},
    {"(sleep 70 >/dev/null 2>&1 & echo $!) & wait", false},
    {"setsid sleep 70 >/dev/null 2>&1 & sleep 0.2; echo $!", true},
};

static void
test_what_it_started(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(started); i++) {
		struct error err;
		struct buf to;
		bool there = true;
		pid_t pid;

		if (from_shell(started[i].line, &to, &err) != 0)
			fail_msg("%s", err.text);
		pid = (pid_t)atoi(buf_text(&to));
		assert_true(pid > 1);
		for (int n = 0; n < 50 && there && !started[i].stays; n++) {
			there = is_there(pid);
			usleep(20000);
		}
		if (there != started[i].stays)
			fail_msg("%s", started[i].line);
		if (there)
			kill(pid, SIGKILL);
		buf_release(&to);
	}
}

/* It takes as long as the ceiling. */
static void
test_hanging_command(void **state)
{
	struct error err;
	struct buf to;

	(void)state;
	if (getenv("PILLARBOX_LONG") == NULL)
		return;
	assert_int_equal(from_shell("trap '' TERM; printf hunter2; "
				    "while :; do sleep 1; done",
			     &to, &err),
	    -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(err.text, "no secret within 60 s"));
	assert_null(strstr(err.text, "hunter2"));
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
	    cmocka_unit_test(test_stderr),
	    cmocka_unit_test(test_environment),
	    cmocka_unit_test(test_what_it_started),
	    cmocka_unit_test(test_hanging_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
