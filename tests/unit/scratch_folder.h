/* SPDX-License-Identifier: ISC */
/* A folder of a test's own, gone at its end, and files in it. */
#ifndef SCRATCH_FOLDER_H
#define SCRATCH_FOLDER_H

#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/pillarbox-unit.XXXXXX";

/* For cmocka_run_group_tests(): before and after all tests. */
static inline int
folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int
folder_unlink(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static inline int
folder_remove(void **state)
{
	(void)state;
	return nftw(folder, folder_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of name in it, valid until the next two calls. */
static inline char *
folder_path(const char *name)
{
	static char paths[2][200];
	static int turn;
	char *path = paths[turn ^= 1];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

/* A new file in place of what is there. */
static inline void
write_file(const char *path, const void *bytes, size_t len, mode_t mode)
{
	FILE *f;

	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

#endif
