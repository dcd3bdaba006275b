/* SPDX-License-Identifier: ISC */
/* A queue in a folder of its own. */
#include "unit.h"

#include "scratch_queue.h"

#include "base/io.h"
#include "queue/folder.h"
#include "queue/place.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct store scratch;
char scratch_path[64];

int
scratch_make(void **state)
{
	struct error err;

	(void)state;
	snprintf(scratch_path, sizeof scratch_path, "/tmp/scratch.XXXXXX");
	if (mkdtemp(scratch_path) == NULL)
		return -1;
	return store_open(&scratch, scratch_path, true, &err);
}

static int
remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(name);
}

int
scratch_remove(void **state)
{
	(void)state;
	store_close(&scratch);
	return nftw(scratch_path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static size_t
count_in(int fd)
{
	DIR *folder = folder_list(fd);
	struct dirent *d;
	size_t n = 0;

	while (folder != NULL && (d = readdir(folder)) != NULL)
		n += d->d_name[0] != '.';
	if (folder != NULL)
		closedir(folder);
	return n;
}

size_t
scratch_count(void)
{
	return count_in(scratch.queue) + count_in(scratch.tmp) +
	       count_in(scratch.corrupt);
}

bool
scratch_has(int folder, const char *name)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int
scratch_file(struct span bytes)
{
	int fd = memfd_create("scratch", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, bytes.at, bytes.len), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

enum error_kind
scratch_offer(struct span bytes, char id[ENTRY_ID_SIZE])
{
	int fd = scratch_file(bytes);
	struct error err = {0};
	struct accepted took = {0};
	int rc;

	rc = store_accept(&scratch, fd, SCRATCH_UID, &took, &err);
	memcpy(id, took.id, ENTRY_ID_SIZE);
	close(fd);
	assert_int_equal(rc, err.kind == ERR_NONE ? 0 : -1);
	return err.kind;
}

void
scratch_accept(char id[ENTRY_ID_SIZE])
{
	assert_int_equal(scratch_offer(span_of(SCRATCH_WHOLE), id), ERR_NONE);
}

void
scratch_read(const char *id, struct buf *to, struct stat *st)
{
	time_t not_before = 0;
	int fd = place_open(&scratch, id, O_RDONLY | O_NOFOLLOW, &not_before);
	struct error err;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, st), 0);
	assert_int_equal(io_read_all(fd, to, id, &err), 0);
	close(fd);
}
