/* SPDX-License-Identifier: ISC */
/* How a process starts others, talks with them and hears of their end. */
#include "unit.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/process.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a line of sh; what it said comes back in text. */
static int
run(const char *line, const char *in, char *text, size_t size)
{
	const char *argv[] = {"/bin/sh", "-c", line, NULL};
	struct error err = {0};
	struct child c;
	ssize_t n;

	if (child_start(&c, argv, CHILD_STDIN | CHILD_STDOUT, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(c.pid > 0 && c.to >= 0 && c.from >= 0);
	assert_int_equal(io_write(c.to, in, strlen(in)), 0);
	io_close(&c.to);
	for (size_t got = 0; text[got] = '\0', got + 1 < size; got += (size_t)n)
		if ((n = io_read(c.from, text + got, size - 1 - got)) <= 0)
			break;
	return child_wait(&c);
}

static const struct {
	const char *line, *in, *out;
	int status;
} children[] = {
    {"exit 0", "", "", 0},
    {"exit 3", "", "", 3},
    {"exit 255", "", "", 255},
    {"cat; exit 7", "to it and back\n", "to it and back\n", 7},
    {"kill -TERM $$", "", "", -1},
    /* What we ignore, children do not. */
    {"kill -PIPE $$; exit 5", "", "", -1},
    {"kill -XFSZ $$; exit 5", "", "", -1},
};

static void
test_children(void **state)
{
	char text[100];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < COUNT(children); i++) {
		int status =
		    run(children[i].line, children[i].in, text, sizeof text);

		if (status != children[i].status ||
		    strcmp(text, children[i].out) != 0)
			fail_msg(
			    "%s: %d \"%s\"", children[i].line, status, text);
	}
}

/* The end of input of one is not held open by another that began later. */
/* One that ends is waited for; one that will not, and minds no signal, is not
 * waited for any longer than said. */
static void
test_wait_until(void **state)
{
	static const struct {
		const char *line;
		int64_t ms;
		int status;
	} cases[] = {
	    {"exit 3", 60000, 3},
	    {"sleep 0.2; exit 4", 60000, 4},
	    {"trap '' TERM HUP INT; while :; do sleep 1; done", 300, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *argv[] = {"/bin/sh", "-c", cases[i].line, NULL};
		int64_t begin = clock_monotonic_ms();
		struct error err;
		struct child c;

		assert_int_equal(child_start(&c, argv, 0, &err), 0);
		assert_int_equal(
		    child_wait_until(&c, begin + cases[i].ms), cases[i].status);
		assert_true(clock_monotonic_ms() - begin < 5000);
	}
}

static void
test_pipes_are_not_inherited(void **state)
{
	const char *argv[] = {"/bin/cat", NULL};
	struct child first, second;
	struct error err;
	char c;

	(void)state;
	alarm(20);
	assert_int_equal(
	    child_start(&first, argv, CHILD_STDIN | CHILD_STDOUT, &err), 0);
	assert_int_equal(
	    child_start(&second, argv, CHILD_STDIN | CHILD_STDOUT, &err), 0);
	io_close(&first.to);
	assert_int_equal(io_read(first.from, &c, 1), 0);
	assert_int_equal(child_wait(&first), 0);
	/* child_wait() closes what is open, so that the child can end. */
	assert_int_equal(child_wait(&second), 0);
	assert_int_equal(second.to, -1);
	assert_int_equal(second.from, -1);
	alarm(0);
}

static void
test_streams_not_asked_for(void **state)
{
	const char *argv[] = {"/bin/sh", "-c", "exit 4", NULL};
	struct error err;
	struct child c;

	(void)state;
	assert_int_equal(child_start(&c, argv, 0, &err), 0);
	assert_int_equal(c.to, -1);
	assert_int_equal(c.from, -1);
	assert_int_equal(child_wait(&c), 4);
}

/* One that ends is heard to its end, also if what it started holds its streams
 * open; one that stays is left alone. */
static void
test_hear_until(void **state)
{
	static const struct {
		const char *line;
		int64_t ms;
		bool ended;
		int status;
	} children_heard[] = {
	    {"exit 5", 20000, true, 5},
	    {"sleep 1; exit 6", 20000, true, 6},
	    {"sleep 20 & exit 7", 10000, true, 7},
	    {"exec sleep 20", 300, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(children_heard); i++) {
		const char *argv[] = {
		    "/bin/sh", "-c", children_heard[i].line, NULL};
		int64_t begin = clock_monotonic_ms();
		struct error err;
		struct child c;

		assert_int_equal(child_start(&c, argv, CHILD_SAID, &err), 0);
		assert_int_equal(
		    child_hear_until(&c, begin + children_heard[i].ms),
		    children_heard[i].ended);
		assert_true(clock_monotonic_ms() < begin + 9000);
		if (children_heard[i].ended)
			assert_int_equal(
			    child_wait(&c), children_heard[i].status);
		else
			child_wait_until(&c, 0);
	}
}

static void
test_detached(void **state)
{
	const char *argv[] = {"/bin/sh", "-c",
	    "read -r a b c d e sid f </proc/$$/stat; [ $sid = $$ ] || exit 1;"
	    "for fd in 0 1 2; do"
	    " [ /proc/$$/fd/$fd -ef /dev/null ] || exit 2; done",
	    NULL};
	struct error err;
	struct child c;

	(void)state;
	assert_int_equal(child_start(&c, argv, CHILD_DETACHED, &err), 0);
	assert_int_equal(child_wait(&c), 0);
}

static const struct {
	const char *program;
	unsigned flags;
	bool fine;
} programs[] = {
    {"true", CHILD_SEARCH, true},
    {"true", 0, false},
    {"/bin/true", CHILD_SEARCH, true},
    {"no-such-program-anywhere", CHILD_SEARCH, false},
    {"/nowhere/true", 0, false},
    {"/", 0, false},
    {"", CHILD_SEARCH, false},
};

static void
test_programs(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	for (size_t i = 0; i < COUNT(programs); i++) {
		const char *argv[] = {programs[i].program, NULL};
		struct error err = {0};
		struct child c;
		int rc = child_start(&c, argv,
		    programs[i].flags | CHILD_STDIN | CHILD_STDOUT, &err);

		if ((rc == 0) != programs[i].fine)
			fail_msg("%s: %s", argv[0], err.text);
		if (rc == 0) {
			assert_int_equal(child_wait(&c), 0);
			continue;
		}
		assert_int_equal(rc, -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_ptr_equal(strstr(err.text, argv[0]), err.text);
		assert_int_equal(c.to, -1);
		assert_int_equal(c.from, -1);
	}
}

static void
start_without_room(void)
{
	const char *argv[] = {"/bin/true", NULL};
	struct rlimit few = {3, 3};
	struct error err = {0};
	struct child c;

	if (setrlimit(RLIMIT_NOFILE, &few) != 0)
		_exit(9);
	if (child_start(&c, argv, CHILD_STDIN, &err) == 0)
		_exit(1);
	_exit(err.kind == ERR_TEMPORARY ? 0 : 2);
}

static void
test_no_room(void **state)
{
	pid_t pid = fork();
	int status = 0;

	(void)state;
	if (pid == 0)
		start_without_room();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_children),
	    cmocka_unit_test(test_wait_until),
	    cmocka_unit_test(test_pipes_are_not_inherited),
	    cmocka_unit_test(test_streams_not_asked_for),
	    cmocka_unit_test(test_hear_until),
	    cmocka_unit_test(test_detached),
	    cmocka_unit_test(test_programs),
	    cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
