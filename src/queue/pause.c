/* SPDX-License-Identifier: ISC */
/* Relays that are out of order, on disk. */
#include "queue/pause.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/text.h"
#include "queue/folder.h"
#include "queue/lock.h"
#include "queue/pause_text.h"
#include "queue/schedule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "relays"
#define FILE_MAX (4 * KIB)

/* Names are checked by whoever reads the configuration; here only the folder
 * is kept safe. */
static bool
is_name(const char *relay)
{
	return text_is_plain_name(relay) && strlen(relay) < RELAY_NAME_SIZE;
}

static int
open_folder(struct store *s, bool make)
{
	struct error ignored;

	return folder_open(s->root, FOLDER, make, s->path, &ignored);
}

/* -1: none, or none that is ours. */
static int
open_file(struct store *s, const char *relay)
{
	int folder = open_folder(s, false), fd = -1;
	struct stat st;

	if (folder >= 0 && is_name(relay))
		fd = openat(folder, relay,
		    O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	io_close(&folder);
	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
			   st.st_uid != geteuid() || st.st_nlink > 1 ||
			   (st.st_mode & (S_IWGRP | S_IWOTH)) != 0))
		io_close(&fd);
	return fd;
}

static bool
read_file(int fd, struct pause *p)
{
	char text[FILE_MAX];
	ssize_t n = io_pread(fd, text, sizeof text, 0);

	return n > 0 && pause_decode(span(text, (size_t)n), p);
}

bool
pause_read(struct store *s, const char *relay, struct pause *p)
{
	int fd = open_file(s, relay);
	bool found;

	*p = (struct pause){0};
	found = fd >= 0 && read_file(fd, p);
	io_close(&fd);
	return found;
}

bool
pause_is_for(const struct pause *p, uid_t uid)
{
	return p->uid == PAUSE_ALL || p->uid == uid;
}

bool
pause_is_over(const struct pause *p, time_t now)
{
	return p->until <= now || p->until > now + SCHEDULE_PAUSE_MAX;
}

int
pause_probe(struct store *s, const char *relay, struct pause *p)
{
	int fd = open_file(s, relay);
	struct stat st;

	/* Who had it before may have set a new pause, which is a new file, or
	 * cleared it. */
	if (fd >= 0 && lock_try(fd) && fstat(fd, &st) == 0 &&
	    st.st_nlink == 1 && read_file(fd, p))
		return fd;
	io_close(&fd);
	return -1;
}

/* Written in tmp and locked there, so that no sweeper takes it for dead. */
static int
write_file(struct store *s, int folder, const char *relay, struct span text)
{
	char name[ENTRY_ID_SIZE];
	int fd, rc = -1;

	id_new(clock_now_us(), name);
	fd = openat(s->tmp, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (lock_try(fd) && io_write(fd, text.at, text.len) == 0)
		rc = renameat(s->tmp, name, folder, relay);
	if (rc != 0)
		unlinkat(s->tmp, name, 0);
	io_close(&fd);
	return rc;
}

int
pause_set(struct store *s, const char *relay, const struct pause *p,
    struct error *err)
{
	int folder, rc = -1;
	struct buf text;

	if (!is_name(relay))
		return error_set(err, ERR_INTERNAL, "relay name %s", relay);
	buf_init(&text, FILE_MAX);
	pause_encode(p, &text);
	folder = open_folder(s, true);
	if (folder >= 0 && buf_ok(&text))
		rc = write_file(s, folder, relay, buf_span(&text));
	if (rc != 0)
		error_errno(err, ERR_IO, "%s/" FOLDER "/%s: cannot write",
		    s->path, relay);
	io_close(&folder);
	buf_release(&text);
	return rc;
}

int
pause_clear(struct store *s, const char *relay, struct error *err)
{
	int folder = open_folder(s, false), rc = 0;

	if (folder >= 0 && is_name(relay))
		rc = unlinkat(folder, relay, 0);
	if (rc != 0 && errno != ENOENT)
		rc = error_errno(err, ERR_IO, "%s/" FOLDER "/%s: cannot remove",
		    s->path, relay);
	else
		rc = 0;
	io_close(&folder);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	const struct paused *one = a, *two = b;

	return strcmp(one->relay, two->relay);
}

size_t
pause_list(struct store *s, struct paused **list)
{
	int fd = open_folder(s, false);
	DIR *folder = fd >= 0 ? folder_list(fd) : NULL;
	struct dirent *d;
	struct paused one;
	size_t count = 0;

	*list = NULL;
	io_close(&fd);
	while (folder != NULL && (d = readdir(folder)) != NULL) {
		if (!text_copy(
			one.relay, sizeof one.relay, span_of(d->d_name)) ||
		    !pause_read(s, one.relay, &one.pause))
			continue;
		*list = must_realloc(*list, count + 1, sizeof one);
		(*list)[count++] = one;
	}
	if (folder != NULL)
		closedir(folder);
	if (count > 1)
		qsort(*list, count, sizeof one, by_name);
	return count;
}
