/* SPDX-License-Identifier: ISC */
/* Folders in later/, and entries in them. */
#include "queue/place.h"

#include "base/io.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void
place_name(time_t not_before, const char *id, char name[PLACE_SIZE])
{
	/* Behind a slash a symbolic link would be followed. */
	const char *slash = id[0] != '\0' ? "/" : "";

	if (not_before == 0)
		snprintf(name, PLACE_SIZE, "queue%s%s", slash, id);
	else
		snprintf(name, PLACE_SIZE, "later/%lld%s%s",
		    (long long)not_before, slash, id);
}

time_t
place_for(time_t next, time_t now)
{
	time_t not_before = next / PLACE_STEP * PLACE_STEP;

	if (next >= STORE_NEVER)
		return STORE_NEVER;
	if (next - now < PLACE_STEP || not_before > now + PLACE_AHEAD)
		return 0;
	return not_before;
}

static int
open_folder(struct store *s, const char *name)
{
	return openat(
	    s->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static DIR *
list(struct store *s, const char *name)
{
	int fd = open_folder(s, name);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;

	if (folder == NULL)
		io_close(&fd);
	return folder;
}

DIR *
place_list(struct store *s, time_t not_before)
{
	char name[PLACE_SIZE];

	place_name(not_before, "", name);
	return list(s, name);
}

bool
place_is_unknown(void)
{
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
	       errno == EIO;
}

/* What is no time of ours is no folder of ours either. */
static time_t
time_of(const char *name)
{
	unsigned long long n;

	if (!text_number(span_of(name), STORE_NEVER, &n))
		return 0;
	return (time_t)n;
}

bool
place_next(struct store *s, time_t when, time_t *not_before)
{
	DIR *later = list(s, "later");
	time_t found = 0;
	struct dirent *d;
	int why;

	if (later == NULL)
		return false;
	for (errno = 0; (d = readdir(later)) != NULL; errno = 0) {
		time_t t = time_of(d->d_name);

		if (t > *not_before && t <= when && (found == 0 || t < found))
			found = t;
	}
	why = errno;
	closedir(later);
	if (why == 0 && found != 0) {
		*not_before = found;
		return true;
	}
	errno = why != 0 ? why : ENOENT;
	return false;
}

static int
open_at(struct store *s, const char *id, int flags, time_t not_before)
{
	char name[PLACE_SIZE];

	if (not_before == 0)
		return openat(s->queue, id, flags);
	place_name(not_before, id, name);
	return openat(s->root, name, flags);
}

static bool
is_elsewhere(int fd)
{
	return fd < 0 && errno == ENOENT;
}

int
place_open(struct store *s, const char *id, int flags, time_t *not_before)
{
	int fd = open_at(s, id, flags, *not_before);

	if (is_elsewhere(fd) && *not_before != 0) {
		*not_before = 0;
		fd = open_at(s, id, flags, 0);
	}
	while (is_elsewhere(fd) && place_next(s, STORE_NEVER, not_before))
		fd = open_at(s, id, flags, *not_before);
	/* Released meanwhile? It is the one way that leads back. */
	if (is_elsewhere(fd)) {
		*not_before = 0;
		fd = open_at(s, id, flags, 0);
	}
	return fd;
}

int
place_move(struct store *s, const char *id, time_t from, time_t to)
{
	char old[PLACE_SIZE], new[PLACE_SIZE];

	if (from == to)
		return 0;
	place_name(from, id, old);
	place_name(to, "", new);
	if (to != 0 &&
	    ((mkdirat(s->root, "later", 0700) != 0 && errno != EEXIST) ||
		(mkdirat(s->root, new, 0700) != 0 && errno != EEXIST)))
		return -1;
	place_name(to, id, new);
	return renameat(s->root, old, s->root, new);
}

void
place_tidy(struct store *s, time_t now)
{
	char name[PLACE_SIZE];
	time_t t = 0;

	while (place_next(s, now, &t)) {
		place_name(t, "", name);
		unlinkat(s->root, name, AT_REMOVEDIR);
	}
}

static int
sync_folder(struct store *s, time_t not_before)
{
	char name[PLACE_SIZE];
	int fd, rc;

	place_name(not_before, "", name);
	fd = open_folder(s, name);
	if (fd < 0)
		return place_is_unknown() ? -1 : 0;
	rc = fsync(fd);
	io_close(&fd);
	return rc;
}

static int
sync_later(struct store *s)
{
	time_t t = 0;

	while (place_next(s, STORE_NEVER, &t))
		if (sync_folder(s, t) != 0)
			return -1;
	return place_is_unknown() ? -1 : 0;
}

int
place_sync(struct store *s)
{
	int rc = s->removed ? fsync(s->queue) : 0;

	if (rc == 0 && s->removed_later)
		rc = sync_later(s);
	if (rc == 0)
		s->removed = s->removed_later = false;
	return rc;
}
