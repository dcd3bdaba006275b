/* SPDX-License-Identifier: ISC */
/* Work that goes on behind who asked for it. */
#include "unit.h"

#include "base/behind.h"
#include "base/clock.h"
#include "base/io.h"
#include "queue/lock.h"
#include "scratch_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>

struct errand {
	int kept;  /* a file that it has */
	int other; /* one that it has not */
	int naps;  /* milliseconds before it writes "x" to kept */
	bool dies;
};

struct said {
	int number;
	bool has_kept, has_other, has_stdio;
	char text[BEHIND_MAX - 64];
};

static bool
is_null(int fd)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 &&
	       st.st_rdev == null.st_rdev;
}

static void
run(void *context, void *answer)
{
	struct errand *e = context;
	struct said *s = answer;

	clock_nap(e->naps);
	if (e->dies)
		raise(SIGKILL);
	s->number = 7;
	s->has_kept = io_write(e->kept, "x", 1) == 0;
	s->has_other = fcntl(e->other, F_GETFD) >= 0;
	s->has_stdio = !is_null(0) || !is_null(1) || !is_null(2);
	memset(s->text, 'y', sizeof s->text);
}

/* Opens file a, which is to be kept, between others. */
static enum behind
go(struct errand *e, struct said *s, int64_t patience)
{
	char path[64];
	int keep[] = {-1, -1}, low = open("/dev/null", O_RDONLY);
	enum behind result;

	snprintf(path, sizeof path, "%s/a", folder);
	e->kept = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(lock_try(e->kept));
	snprintf(path, sizeof path, "%s/b", folder);
	e->other = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(lock_try(e->other));
	keep[1] = e->kept;
	*s = (struct said){.number = 1};
	result = behind(run, e, keep, COUNT(keep), s, sizeof *s,
	    clock_monotonic_ms() + patience);
	close(low);
	close(e->kept);
	close(e->other);
	return result;
}

static bool
is_locked(const char *name)
{
	char path[64];
	bool held;
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_RDWR);
	held = lock_is_held(fd);
	close(fd);
	return held;
}

static void
test_done(void **state)
{
	struct errand e = {0};
	struct said s;

	(void)state;
	assert_int_equal(go(&e, &s, 10000), BEHIND_DONE);
	assert_int_equal(s.number, 7);
	assert_true(s.has_kept);
	assert_false(s.has_other);
	assert_false(s.has_stdio);
	assert_int_equal(s.text[sizeof s.text - 1], 'y');
	assert_false(is_locked("a"));
}

/* The lock that it keeps is held until its end, and the other one is free. */
static void
test_late(void **state)
{
	struct errand e = {.naps = 1000};
	int64_t began = clock_monotonic_ms();
	struct said s;

	(void)state;
	assert_int_equal(go(&e, &s, 100), BEHIND_LATE);
	assert_in_range(clock_monotonic_ms() - began, 100, 900);
	assert_int_equal(s.number, 1);
	assert_true(is_locked("a"));
	assert_false(is_locked("b"));
	while (is_locked("a"))
		clock_nap(10);
	assert_true(clock_monotonic_ms() - began >= 1000);
	/* With nothing left it is begun all the same. */
	assert_int_equal(go(&e, &s, -5), BEHIND_LATE);
	assert_true(is_locked("a"));
	while (is_locked("a"))
		clock_nap(10);
}

static void
test_killed(void **state)
{
	struct errand e = {.dies = true};
	struct said s;

	(void)state;
	assert_int_equal(go(&e, &s, 10000), BEHIND_DONE);
	assert_int_equal(s.number, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_done),
	    cmocka_unit_test(test_late),
	    cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
