/* SPDX-License-Identifier: ISC */
/* The queue on disk: its folders. */
#include "queue/store.h"

#include "base/io.h"
#include "queue/folder.h"
#include "queue/place.h"

#include <fcntl.h>

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
	place_sync(s);
	io_close(&s->root);
	io_close(&s->queue);
	io_close(&s->tmp);
	io_close(&s->corrupt);
}
