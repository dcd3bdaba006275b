/* SPDX-License-Identifier: ISC */
/* The folders of the queue: opening, listing, sweeping. */
#include "unit.h"

#include "base/clock.h"
#include "base/limits.h"
#include "queue/lock.h"
#include "queue/store.h"
#include "scratch_queue.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const folders[] = {"", "/queue", "/tmp", "/corrupt"};

/* Opens the queue at a path beneath the scratch folder. */
static enum error_kind
open_at(const char *below, bool make)
{
	struct error err = {0};
	struct store s;
	char path[128];
	int rc;

	snprintf(path, sizeof path, "%s%s", scratch_path, below);
	rc = store_open(&s, path, make, &err);
	assert_int_equal(rc, err.kind == ERR_NONE ? 0 : -1);
	if (rc == 0)
		store_close(&s);
	else
		assert_non_null(strstr(err.text, path));
	return err.kind;
}

static void
test_open_makes_what_is_missing(void **state)
{
	(void)state;
	umask(0);
	assert_int_equal(open_at("/a/b/c", false), ERR_TEMPORARY);
	assert_false(scratch_has(scratch.root, "a"));
	assert_int_equal(open_at("/a/b/c", true), ERR_NONE);
	assert_int_equal(open_at("/a/b/c", false), ERR_NONE);
	for (size_t i = 0; i < COUNT(folders); i++) {
		char name[64];
		struct stat st;

		snprintf(name, sizeof name, "a/b/c%s", folders[i]);
		assert_int_equal(fstatat(scratch.root, name, &st, 0), 0);
		assert_int_equal(st.st_mode, S_IFDIR | 0700);
	}
	assert_int_equal(unlinkat(scratch.root, "a/b/c/tmp", AT_REMOVEDIR), 0);
	assert_int_equal(open_at("/a/b/c", false), ERR_TEMPORARY);
	assert_int_equal(open_at("/a/b/c", true), ERR_NONE);
}

static void
test_open_is_for_its_owner_alone(void **state)
{
	static const mode_t modes[] = {0770, 0720, 0702, 0777, 01777};

	(void)state;
	assert_int_equal(open_at("", false), ERR_NONE);
	for (size_t i = 0; i < COUNT(folders); i++) {
		char name[128];

		snprintf(name, sizeof name, "%s%s", scratch_path, folders[i]);
		for (size_t n = 0; n < COUNT(modes); n++) {
			assert_int_equal(chmod(name, modes[n]), 0);
			if (open_at("", true) != ERR_TEMPORARY)
				fail_msg("\"%s\" with mode %o", folders[i],
				    (unsigned)modes[n]);
		}
		assert_int_equal(chmod(name, 0755), 0);
		assert_int_equal(open_at("", false), ERR_NONE);
	}
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(scratch_path, 4711, 4711), 0);
	assert_int_equal(open_at("", false), ERR_TEMPORARY);
	assert_int_equal(chown(scratch_path, 0, 0), 0);
}

/* No link leads elsewhere, and nothing else stands for a folder. */
static void
test_open_follows_nothing(void **state)
{
	(void)state;
	for (size_t i = 1; i < COUNT(folders); i++) {
		const char *name = folders[i] + 1;
		int fd;

		assert_int_equal(
		    renameat(scratch.root, name, scratch.root, "away"), 0);
		assert_int_equal(symlinkat("away", scratch.root, name), 0);
		if (open_at("", true) != ERR_TEMPORARY)
			fail_msg("%s is a link", name);
		assert_int_equal(unlinkat(scratch.root, name, 0), 0);
		fd = openat(scratch.root, name, O_WRONLY | O_CREAT, 0600);
		close(fd);
		if (open_at("", true) != ERR_TEMPORARY)
			fail_msg("%s is a file", name);
		assert_int_equal(unlinkat(scratch.root, name, 0), 0);
		assert_int_equal(
		    renameat(scratch.root, "away", scratch.root, name), 0);
	}
	assert_int_equal(symlinkat(".", scratch.root, "link"), 0);
	assert_int_equal(open_at("/link", false), ERR_TEMPORARY);
}

/* Makes a file with a time in the queue. */
static void
make(int folder, const char *name, time_t when)
{
	struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

static void
test_scan(void **state)
{
	static const struct {
		const char *id;
		time_t when;
	} want[] = {{"64C8F1A2B3C4D000000", 3000},
	    {"64C8F1A2B3C4DAB12CD", 2000}, {"64C8F1A2B3C4EAB12CD", STORE_NEVER},
	    {"64C8F1A2B3C50000000", 1}};
	static const char *const others[] = {"64C8F1A2B3C4DAB12C",
	    "64C8F1A2B3C4DAB12CDE", "64c8f1a2b3c4dab12cd",
	    "64C8F1A2B3C4DAB12CD~", ".64C8F1A2B3C4DAB12C", "README",
	    "64C8F1A2B3C4DAB12CG"};
	struct queued *list;
	struct error err;
	size_t count;
	int fd;

	(void)state;
	assert_int_equal(
	    store_due(&scratch, STORE_NEVER, &list, &count, &err), 0);
	assert_int_equal(count, 0);
	free(list);
	for (size_t i = COUNT(want); i > 0; i--)
		make(scratch.queue, want[i - 1].id, want[i - 1].when);
	for (size_t i = 0; i < COUNT(others); i++)
		make(scratch.queue, others[i], 1000);
	make(scratch.tmp, "64C8F1A2B3C4D111111", 1000);
	assert_int_equal(store_names(&scratch, &list, &count, &err), 0);
	assert_int_equal(count, COUNT(want));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(list[i].id, want[i].id);
	free(list);
	/* Twice, since it must not use up the folder. */
	for (int n = 0; n < 2; n++) {
		assert_int_equal(
		    store_due(&scratch, STORE_NEVER, &list, &count, &err), 0);
		assert_int_equal(count, COUNT(want));
		for (size_t i = 0; i < count; i++) {
			assert_string_equal(list[i].id, want[i].id);
			assert_int_equal(list[i].next, want[i].when);
		}
		free(list);
	}
	assert_int_equal(store_due(&scratch, 2000, &list, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].id, want[1].id);
	assert_string_equal(list[1].id, want[3].id);
	free(list);
	assert_true(store_is_due(&scratch, 1, 0));
	/* What is left in tmp is to be swept; what is written there is not. */
	assert_true(store_is_due(&scratch, 0, 0));
	fd = openat(scratch.tmp, "64C8F1A2B3C4D111111", O_WRONLY);
	assert_true(lock_try(fd));
	assert_false(store_is_due(&scratch, 0, 0));
	close(fd);
	assert_true(store_is_due(&scratch, 0, 0));
	assert_int_equal(unlinkat(scratch.tmp, "64C8F1A2B3C4D111111", 0), 0);
	assert_false(store_is_due(&scratch, 0, 0));
}

/* Nobody hears whether others have something due, or are at work. */
static void
test_is_due_for_whom(void **state)
{
	char id[ENTRY_ID_SIZE];
	time_t now = clock_now() + 1;

	(void)state;
	make(scratch.tmp, "64C8F1A2B3C4D111111", 1000);
	assert_false(store_is_due(&scratch, now, SCRATCH_UID));
	scratch_accept(id);
	assert_true(store_is_due(&scratch, now, 0));
	assert_true(store_is_due(&scratch, now, SCRATCH_UID));
	assert_false(store_is_due(&scratch, now - 3600, SCRATCH_UID));
	assert_false(store_is_due(&scratch, now, SCRATCH_UID + 1));
}

static void
test_scan_of_many(void **state)
{
	struct queued *list;
	struct error err;
	char last[ENTRY_ID_SIZE] = "";
	size_t count;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		char id[ENTRY_ID_SIZE];

		snprintf(id, sizeof id, "64C8F1A2B3C4D%06X",
		    (i * 7919U) & 0xffffffU);
		make(scratch.queue, id, 1000);
	}
	assert_int_equal(
	    store_due(&scratch, STORE_NEVER, &list, &count, &err), 0);
	assert_int_equal(count, 300);
	for (size_t i = 0; i < count; i++) {
		assert_true(strcmp(last, list[i].id) < 0);
		memcpy(last, list[i].id, sizeof last);
	}
	free(list);
}

static void
test_sweep(void **state)
{
	static const char living[] = "64C8F1A2B3C4DAB12CD";
	char id[ENTRY_ID_SIZE];
	int fd;

	(void)state;
	scratch_accept(id);
	make(scratch.tmp, living, 1000);
	make(scratch.tmp, "64C8F1A2B3C4DAB12CE", 1000);
	make(scratch.tmp, "whatever", 1000);
	assert_int_equal(mkdirat(scratch.tmp, "folder", 0700), 0);
	assert_int_equal(symlinkat("../queue", scratch.tmp, "link"), 0);
	assert_int_equal(mkfifoat(scratch.tmp, "fifo", 0600), 0);
	fd = openat(scratch.tmp, living, O_WRONLY);
	assert_true(lock_try(fd));
	store_sweep(&scratch);
	assert_true(scratch_has(scratch.tmp, living));
	assert_false(scratch_has(scratch.tmp, "64C8F1A2B3C4DAB12CE"));
	assert_false(scratch_has(scratch.tmp, "whatever"));
	assert_true(scratch_has(scratch.queue, id));
	close(fd);
	store_sweep(&scratch);
	assert_false(scratch_has(scratch.tmp, living));
	assert_true(scratch_has(scratch.queue, id));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_open_makes_what_is_missing),
	    TEST(test_open_is_for_its_owner_alone),
	    TEST(test_open_follows_nothing),
	    TEST(test_scan),
	    TEST(test_scan_of_many),
	    TEST(test_is_due_for_whom),
	    TEST(test_sweep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
