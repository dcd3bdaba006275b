/* SPDX-License-Identifier: ISC */
/* Entries that delivery makes itself: whole, or not there; once, or not. */
#include "unit.h"

#include "scratch_queue.h"

#include "base/id.h"
#include "base/limits.h"
#include "queue/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ID "660CEF6A6BE9932C113"

static struct entry entry;
static struct spool message;

static int
set_up(void **state)
{
	struct error err;

	entry = (struct entry){.id = ID, .time = 1795289101, .uid = 4711};
	entry.size = (int64_t)strlen(SCRATCH_MESSAGE);
	entry.envelope.sender = must_strdup("");
	spool_init(&message);
	return envelope_add(
		   &entry.envelope, span_of("alice@example.com"), &err) |
	       spool_add(&message, span_of(SCRATCH_MESSAGE), &err) |
	       scratch_make(state);
}

static int
tear_down(void **state)
{
	entry_release(&entry);
	spool_release(&message);
	return scratch_remove(state);
}

/* What stands in the queue under ID. */
static void
assert_holds(const char *want)
{
	struct stat st;
	struct buf got;

	buf_init(&got, MIB);
	scratch_read(ID, &got, &st);
	assert_string_equal(buf_text(&got), want);
	assert_int_equal(st.st_mode & 0777, 0600);
	buf_release(&got);
}

#define WHOLE                                                           \
	"pillarbox 1\nid " ID "\ntime 2026-11-21T19:25:01Z\nuid 4711\n" \
	"from <>\nto <alice@example.com>\nsize 20\n\n" SCRATCH_MESSAGE

static void
test_happy_path(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(store_put(&scratch, &entry, &message, &err), 0);
	assert_int_equal(scratch_count(), 1);
	assert_holds(WHOLE);
}

/* The second try finds the first one, whatever became of it by then. */
static void
test_again(void **state)
{
	struct entry_file f;
	struct record r;
	struct error err;

	(void)state;
	assert_int_equal(store_put(&scratch, &entry, &message, &err), 0);
	assert_int_equal(store_entry_open(&scratch, ID, &f, &err), OPEN_DONE);
	record_set(&r, EVENT_ATTEMPT, RCPT_NONE, "work", "");
	assert_int_equal(store_entry_append(&f, &r, &err), 0);
	entry.uid = 1;
	assert_int_equal(store_put(&scratch, &entry, &message, &err), 0);
	store_entry_close(&f);
	assert_int_equal(store_entry_open(&scratch, ID, &f, &err), OPEN_DONE);
	assert_int_equal(f.entry.uid, 4711);
	assert_int_equal(f.entry.attempts, 1);
	store_entry_close(&f);
	assert_int_equal(scratch_count(), 1);
}

/* A crash left half of it in tmp. */
static void
test_left_behind(void **state)
{
	int fd = openat(scratch.tmp, ID, O_WRONLY | O_CREAT, 0600);
	struct error err;

	(void)state;
	assert_int_equal(write(fd, "half", 4), 4);
	assert_true(lock_try(fd));
	assert_int_equal(store_put(&scratch, &entry, &message, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	close(fd);
	assert_int_equal(store_put(&scratch, &entry, &message, &err), 0);
	assert_int_equal(scratch_count(), 1);
	assert_holds(WHOLE);
}

static void
test_not_in_wire_form(void **state)
{
	struct error err;

	(void)state;
	spool_add(&message, span_of("smuggled\n"), &err);
	assert_int_equal(store_put(&scratch, &entry, &message, &err), -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
	assert_int_equal(scratch_count(), 0);
}

/* No room for the file, cut at every byte. */
static void
test_no_room(void **state)
{
	struct rlimit was, limit;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	for (rlim_t n = 0; n < strlen(WHOLE); n++) {
		struct error err = {0};
		int rc;

		limit = (struct rlimit){n, was.rlim_max};
		setrlimit(RLIMIT_FSIZE, &limit);
		rc = store_put(&scratch, &entry, &message, &err);
		setrlimit(RLIMIT_FSIZE, &was);
		if (rc != -1 || err.kind != ERR_TEMPORARY ||
		    scratch_count() != 0)
			fail_msg("room for %d octets: %d, kind %d", (int)n, rc,
			    (int)err.kind);
	}
	signal(SIGXFSZ, SIG_DFL);
}

static void
test_folders_gone(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(unlinkat(scratch.root, "queue", AT_REMOVEDIR), 0);
	assert_int_equal(store_put(&scratch, &entry, &message, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_int_equal(scratch_count(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_happy_path),
	    TEST(test_again),
	    TEST(test_left_behind),
	    TEST(test_not_in_wire_form),
	    TEST(test_no_room),
	    TEST(test_folders_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
