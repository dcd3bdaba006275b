/* SPDX-License-Identifier: ISC */
/* The queue on disk: folders, and entries once they are there. */
#include "queue/store.h"

#include "base/id.h"
#include "base/io.h"
#include "base/text.h"
#include "queue/folder.h"
#include "queue/lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
store_open(struct store *s, const char *path, bool make, struct error *err)
{
	*s = (struct store){
	    .path = path, .root = -1, .queue = -1, .tmp = -1, .corrupt = -1};
	if ((make && folder_make_path(path, err) != 0) ||
	    (s->root = folder_open(AT_FDCWD, path, false, path, err)) < 0 ||
	    (s->queue = folder_open(s->root, "queue", make, path, err)) < 0 ||
	    (s->tmp = folder_open(s->root, "tmp", make, path, err)) < 0 ||
	    (s->corrupt = folder_open(s->root, "corrupt", make, path, err)) <
		0) {
		store_close(s);
		return -1;
	}
	return 0;
}

void
store_close(struct store *s)
{
	/* A failure costs a second delivery at worst, and changes nothing. */
	if (s->removed)
		fsync(s->queue);
	io_close(&s->root);
	io_close(&s->queue);
	io_close(&s->tmp);
	io_close(&s->corrupt);
}

static int
by_id(const void *a, const void *b)
{
	const struct queued *one = a, *two = b;

	return strcmp(one->id, two->id);
}

int
store_names(
    struct store *s, struct queued **list, size_t *count, struct error *err)
{
	DIR *folder = folder_list(s->queue);
	size_t allocated = 0;
	struct dirent *d;

	*list = NULL;
	*count = 0;
	if (folder == NULL)
		return error_errno(err, ERR_IO, "%s/queue", s->path);
	while ((d = readdir(folder)) != NULL) {
		struct span name = span_of(d->d_name);

		if (!id_is_valid(name))
			continue;
		if (*count == allocated) {
			allocated = allocated ? 2 * allocated : 64;
			*list =
			    must_realloc(*list, allocated, sizeof(*list)[0]);
		}
		(*list)[*count].next = 0;
		text_copy((*list)[*count].id, ENTRY_ID_SIZE, name);
		(*count)++;
	}
	closedir(folder);
	if (*count > 0)
		qsort(*list, *count, sizeof(*list)[0], by_id);
	return 0;
}
