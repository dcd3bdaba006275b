/* SPDX-License-Identifier: ISC */
/* Files with addresses in them. */
#include "alias/list_file.h"

#include "base/io.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>

static int
check(const char *path, bool public, const struct stat *st, struct error *err)
{
	if (!S_ISREG(st->st_mode))
		return error_set(err, ERR_CONFIG, "%s: not a plain file", path);
	if (public && (st->st_mode & S_IROTH) == 0)
		return error_set(err, ERR_CONFIG,
		    "%s: not everybody may read it, so it could be a secret; "
		    "run: chmod a+r %s",
		    path, path);
	if (st->st_size > ALIAS_FILE_MAX)
		return error_set(err, ERR_CONFIG,
		    "%s: larger than %d KiB; put lists into files of their "
		    "own, with :include:",
		    path, ALIAS_FILE_MAX / KIB);
	return 0;
}

int
list_file_read(const char *path, bool public, struct buf *b, struct stat *st,
    bool *missing, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc;

	*missing = fd < 0 && errno == ENOENT;
	if (fd < 0 || fstat(fd, st) != 0)
		rc = error_errno(err, ERR_CONFIG, "%s: cannot open", path);
	else
		rc = check(path, public, st, err);
	if (rc == 0 && io_read_all(fd, b, path, err) != 0) {
		err->kind = ERR_CONFIG;
		rc = -1;
	}
	io_close(&fd);
	return rc;
}

bool
list_file_line(struct span *rest, struct span *line, int *number)
{
	struct span words;

	while (span_cut(rest, '\n', line)) {
		++*number;
		words = span_trim(*line);
		if (words.len > 0 && words.at[0] != '#')
			return true;
	}
	return false;
}
