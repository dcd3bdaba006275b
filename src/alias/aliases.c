/* SPDX-License-Identifier: ISC */
/* The aliases file, read when it has changed. */
#include "alias/aliases.h"

#include "alias/list_file.h"
#include "base/buf.h"
#include "base/limits.h"

#include <errno.h>
#include <stdlib.h>

void
aliases_release(struct aliases *a)
{
	for (size_t i = 0; i < a->count; i++) {
		free(a->at[i].name);
		free(a->at[i].wrong);
		targets_release(&a->at[i].to);
	}
	free(a->at);
	free(a->path);
	free(a->wrong);
	*a = (struct aliases){0};
}

static bool
is_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Is the file as it was when a was read? */
static bool
is_current(const struct aliases *a)
{
	struct stat now;

	if (a->path == NULL)
		return false;
	if (stat(a->path, &now) != 0)
		return errno == ENOENT && a->stamp.st_nlink == 0;
	return now.st_dev == a->stamp.st_dev && now.st_ino == a->stamp.st_ino &&
	       now.st_size == a->stamp.st_size &&
	       is_same_time(now.st_mtim, a->stamp.st_mtim) &&
	       is_same_time(now.st_ctim, a->stamp.st_ctim);
}

int
aliases_load(
    struct aliases *a, const char *path, bool may_miss, struct error *err)
{
	struct stat st = {0};
	struct buf text;
	bool missing;
	int rc;

	if (is_current(a))
		return 0;
	aliases_release(a);
	buf_init(&text, ALIAS_FILE_MAX);
	rc = list_file_read(path, false, &text, &st, &missing, err);
	if (rc != 0 && missing && may_miss)
		rc = 0;
	if (rc == 0) {
		aliases_parse(a, path, buf_span(&text));
		a->stamp = st;
	}
	buf_release(&text);
	return rc;
}
