/* SPDX-License-Identifier: ISC */
/* A body on its way: in memory, in a nameless file, and both unharmed. */
#include "unit.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/spool.h"

#include "scratch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static char
pattern(size_t i)
{
	return (char)(i * 7 + i / 251);
}

/* Adds size bytes of the pattern in pieces of piece bytes. */
static int
fill(struct spool *s, size_t size, size_t piece, struct error *err)
{
	char *block = malloc(piece);
	int rc = 0;

	for (size_t at = 0; at < size && rc == 0; at += piece) {
		size_t n = size - at < piece ? size - at : piece;

		for (size_t i = 0; i < n; i++)
			block[i] = pattern(at + i);
		rc = spool_add(s, span(block, n), err);
	}
	free(block);
	return rc;
}

/* Does fd, from its start, hold size bytes of the pattern and no more? */
static bool
holds(int fd, size_t size)
{
	char *all = malloc(size + 1);
	bool same = io_pread(fd, all, size + 1, 0) == (ssize_t)size;

	for (size_t i = 0; same && i < size; i++)
		same = all[i] == pattern(i);
	free(all);
	return same;
}

static int
open_result(void)
{
	FILE *f = tmpfile();
	int fd = dup(fileno(f));

	fclose(f);
	assert_true(fd >= 0);
	return fd;
}

static const struct {
	size_t size, piece;
	bool in_file;
} cases[] = {
    {0, 1, false},
    {1, 1, false},
    {BODY_IN_MEMORY_MAX - 1, 4096, false},
    {BODY_IN_MEMORY_MAX, 4096, false},
    {BODY_IN_MEMORY_MAX, BODY_IN_MEMORY_MAX, false},
    {BODY_IN_MEMORY_MAX + 1, BODY_IN_MEMORY_MAX + 1, true},
    {BODY_IN_MEMORY_MAX + 1, 1000, true},
    {2 * BODY_IN_MEMORY_MAX, 65536, true},
    {2 * BODY_IN_MEMORY_MAX + 1, 2 * BODY_IN_MEMORY_MAX + 1, true},
    {5 * MIB + 13, 65537, true},
};

static void
test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err = {0};
		struct spool s;
		int fd = open_result();

		spool_init(&s);
		if (fill(&s, cases[i].size, cases[i].piece, &err) != 0)
			fail_msg("case %zu: %s", i, err.text);
		assert_int_equal(s.size, cases[i].size);
		if ((s.fd >= 0) != cases[i].in_file)
			fail_msg("case %zu: file %d", i, s.fd);
		if (spool_copy(&s, fd, &err) != 0)
			fail_msg("case %zu: %s", i, err.text);
		if (!holds(fd, cases[i].size))
			fail_msg("case %zu: not the same bytes", i);
		/* Copying uses nothing up. */
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(spool_copy(&s, fd, &err), 0);
		assert_true(holds(fd, cases[i].size));
		spool_release(&s);
		assert_int_equal(s.fd, -1);
		close(fd);
	}
}

/* With line ends at every edge of memory, file and block. */
static void
test_copy_wire(void **state)
{
	(void)state;
	for (size_t size = 0; size < 3 * MIB; size = size * 3 + 7) {
		char *in = malloc(size + 1), *out = malloc(2 * size + 3);
		struct error err = {0};
		struct spool s;
		size_t want = 0;
		int fd = open_result();

		for (size_t i = 0; i < size; i++) {
			in[i] = i % 3 == 2 || i % 7 == 0 ? '\n' : 'x';
			if (in[i] == '\n')
				out[want++] = '\r';
			out[want++] = in[i];
		}
		if (size > 0 && in[size - 1] != '\n') {
			out[want++] = '\r';
			out[want++] = '\n';
		}
		spool_init(&s);
		assert_int_equal(spool_add(&s, span(in, size), &err), 0);
		assert_int_equal(spool_copy_wire(&s, fd, &err), 0);
		in = realloc(in, want + 1);
		if (io_pread(fd, in, want + 1, 0) != (ssize_t)want ||
		    memcmp(in, out, want) != 0)
			fail_msg("%zu bytes", size);
		spool_release(&s);
		close(fd);
		free(in);
		free(out);
	}
}

static size_t
files_in(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 2;
}

/* No name, so nothing is left; closed in children; for our eyes only. */
static void
test_file(void **state)
{
	struct error err;
	struct spool s;
	struct stat st;

	(void)state;
	setenv("TMPDIR", folder, 1);
	spool_init(&s);
	assert_int_equal(fill(&s, MIB, 65536, &err), 0);
	assert_int_equal(files_in(folder), 0);
	assert_int_equal(fstat(s.fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_int_equal(fcntl(s.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	spool_release(&s);
	assert_int_equal(files_in(folder), 0);
}

/* A TMPDIR that cannot be used is passed over. */
static void
test_other_folders(void **state)
{
	static const char *const bad[] = {"/nowhere/at/all", "", "relative"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = {0};
		struct spool s;

		setenv("TMPDIR", bad[i], 1);
		spool_init(&s);
		if (fill(&s, MIB, 65536, &err) != 0)
			fail_msg("TMPDIR=%s: %s", bad[i], err.text);
		spool_release(&s);
	}
	unsetenv("TMPDIR");
}

/* The disk takes no more: try again later. */
static void
test_file_is_full(void **state)
{
	struct error err = {0};
	struct rlimit was, limit;
	struct spool s;
	int rc;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	limit = (struct rlimit){MIB, was.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	spool_init(&s);
	rc = fill(&s, 3 * MIB, 65536, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(rc, -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(err.text, strerror(EFBIG)));
	spool_release(&s);
}

static void
test_copy_fails(void **state)
{
	static const size_t sizes[] = {1, MIB};
	int full = open("/dev/full", O_WRONLY);

	(void)state;
	if (full < 0)
		skip();
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct error err = {0};
		struct spool s;

		spool_init(&s);
		assert_int_equal(fill(&s, sizes[i], 65536, &err), 0);
		assert_int_equal(spool_copy(&s, full, &err), -1);
		assert_int_equal(err.kind, ERR_IO);
		spool_release(&s);
	}
	close(full);
}

/* Someone cut the file: never a message that ends too early. */
static void
test_file_is_short(void **state)
{
	struct error err = {0};
	struct spool s;
	int fd = open_result();

	(void)state;
	spool_init(&s);
	assert_int_equal(fill(&s, MIB, 65536, &err), 0);
	assert_int_equal(ftruncate(s.fd, 1000), 0);
	assert_int_equal(spool_copy(&s, fd, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	spool_release(&s);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_copy_wire),
	    cmocka_unit_test(test_file),
	    cmocka_unit_test(test_other_folders),
	    cmocka_unit_test(test_file_is_full),
	    cmocka_unit_test(test_copy_fails),
	    cmocka_unit_test(test_file_is_short),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
