/* SPDX-License-Identifier: ISC */
/* What the disk of the queue must have left, and for whom. */
#include "unit.h"

#include "queue/accept.h"
#include "queue/store.h"
#include "scratch_queue.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BLOCK 4096

/* Any that runs no test. */
#define OTHER ((uid_t)4711)

/* What the disk says of itself. */
static int64_t space;
static fsfilcnt_t inodes, inodes_total;

/* In place of libc's. */
int
fstatvfs(int fd, struct statvfs *v)
{
	(void)fd;
	*v = (struct statvfs){.f_bsize = 2 * BLOCK,
	    .f_frsize = BLOCK,
	    .f_bavail = (fsblkcnt_t)(space / BLOCK),
	    .f_bfree = (fsblkcnt_t)1 << 30,
	    .f_files = inodes_total,
	    .f_ffree = inodes_total,
	    .f_favail = inodes};
	return 0;
}

/* Roomy, but for what a test takes away. */
static int
setup(void **state)
{
	space = 1024LL * MIB;
	inodes = inodes_total = 100000;
	return scratch_make(state);
}

/* Why a message of uid is refused; "" if it is not. */
static const char *
offer(uid_t uid)
{
	static struct error err;
	struct accepted took;
	int fd = scratch_file(span_of(SCRATCH_WHOLE));
	size_t before = scratch_count();

	err = (struct error){0};
	if (store_accept(&scratch, fd, uid, &took, &err) != 0)
		assert_int_equal(err.kind, ERR_TEMPORARY);
	close(fd);
	assert_int_equal(
	    scratch_count(), before + (err.kind == ERR_NONE ? 1 : 0));
	return err.text;
}

static void
check_offers(bool others, bool owner)
{
	assert_int_equal(offer(OTHER)[0] == '\0', others);
	assert_int_equal(offer(0)[0] == '\0', owner);
	assert_int_equal(offer(geteuid())[0] == '\0', owner);
}

static void
test_space(void **state)
{
	(void)state;
	check_offers(true, true);
	space = 2 * FREE_SPACE_FLOOR + BLOCK;
	check_offers(true, true);
	space = 2 * FREE_SPACE_FLOOR;
	check_offers(false, true);
	assert_non_null(strstr(
	    offer(OTHER), "disk full: 32 MiB are free, and 32 must stay"));
	space = FREE_SPACE_FLOOR + BLOCK;
	check_offers(false, true);
	space = FREE_SPACE_FLOOR;
	check_offers(false, false);
	assert_non_null(
	    strstr(offer(0), "disk full: 16 MiB are free, and 16 must stay"));
	space = 0;
	check_offers(false, false);
}

static void
test_inodes(void **state)
{
	(void)state;
	inodes = 2 * FREE_INODES_FLOOR;
	check_offers(true, true);
	inodes = 2 * FREE_INODES_FLOOR - 1;
	check_offers(false, true);
	assert_non_null(strstr(
	    offer(OTHER), "disk full: 255 inodes are free, and 256 must stay"));
	inodes = FREE_INODES_FLOOR;
	check_offers(false, true);
	inodes = FREE_INODES_FLOOR - 1;
	check_offers(false, false);
	inodes = 0;
	check_offers(false, false);
}

/* As btrfs says it. */
static void
test_no_number_of_inodes(void **state)
{
	(void)state;
	inodes = inodes_total = 0;
	check_offers(true, true);
}

/* Reports are our own, whoever they are for: what they are about goes then. */
static void
test_what_we_make_ourselves(void **state)
{
	struct error err;

	(void)state;
	space = FREE_SPACE_FLOOR + BLOCK;
	inodes = FREE_INODES_FLOOR;
	assert_int_equal(accept_check_room(&scratch, BLOCK, &err), 0);
	assert_int_equal(accept_check_room(&scratch, BLOCK + 1, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_space),
	    TEST(test_inodes),
	    TEST(test_no_number_of_inodes),
	    TEST(test_what_we_make_ourselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
