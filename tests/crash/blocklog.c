/* SPDX-License-Identifier: ISC */
/*
 * usage: blocklog IMAGE LOG FOLDER
 * A file system of one file, FOLDER/disk, with the content of IMAGE. A loop
 * device upon it sends its writes and flushes here, and each is written to LOG:
 * an offset and a length, 8 octets each in the host's order, and the data; a
 * flush has the offset ~0 and nothing. IMAGE is changed along.
 */
#define FUSE_USE_VERSION 31
#include <fuse3/fuse.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int image, record;

static void
put(const void *from, size_t len)
{
	if (write(record, from, len) != (ssize_t)len) {
		perror("blocklog: the log");
		abort();
	}
}

static void
note(uint64_t at, const void *from, uint64_t len)
{
	const uint64_t head[2] = {at, len};

	put(head, sizeof head);
	if (len > 0)
		put(from, len);
}

static int
get_attributes(const char *path, struct stat *st, struct fuse_file_info *info)
{
	(void)info;
	memset(st, 0, sizeof *st);
	st->st_mode = S_IFDIR | 0700;
	st->st_nlink = 2;
	if (strcmp(path, "/disk") == 0)
		return fstat(image, st) == 0 ? 0 : -errno;
	return strcmp(path, "/") == 0 ? 0 : -ENOENT;
}

static int
list(const char *path, void *to, fuse_fill_dir_t fill, off_t at,
    struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	(void)path, (void)at, (void)info, (void)flags;
	fill(to, "disk", NULL, 0, 0);
	return 0;
}

static int
open_file(const char *path, struct fuse_file_info *info)
{
	(void)info;
	return strcmp(path, "/disk") == 0 ? 0 : -ENOENT;
}

static int
read_file(const char *path, char *to, size_t len, off_t at,
    struct fuse_file_info *info)
{
	ssize_t n = pread(image, to, len, at);

	(void)path, (void)info;
	return n < 0 ? -errno : (int)n;
}

static int
write_file(const char *path, const char *from, size_t len, off_t at,
    struct fuse_file_info *info)
{
	ssize_t n = pwrite(image, from, len, at);

	(void)path, (void)info;
	if (n > 0)
		note((uint64_t)at, from, (uint64_t)n);
	return n < 0 ? -errno : (int)n;
}

static int
flush_file(const char *path, int data, struct fuse_file_info *info)
{
	(void)path, (void)data, (void)info;
	note(~(uint64_t)0, NULL, 0);
	return 0;
}

static const struct fuse_operations operations = {
    .getattr = get_attributes,
    .readdir = list,
    .open = open_file,
    .read = read_file,
    .write = write_file,
    .fsync = flush_file,
};

int
main(int argc, char *argv[])
{
	char foreground[] = "-f", alone[] = "-s";
	char *arguments[] = {argv[0], foreground, alone, argv[3], NULL};

	if (argc != 4 || (image = open(argv[1], O_RDWR)) < 0 ||
	    (record = open(
		 argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600)) < 0) {
		perror("blocklog IMAGE LOG FOLDER");
		return 1;
	}
	return fuse_main(4, arguments, &operations, NULL);
}
