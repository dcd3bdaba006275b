/* SPDX-License-Identifier: ISC */
/* Sessions at a time, counted by locks. */
#include "queue/slot.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "queue/folder.h"
#include "queue/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "relays"
#define NAME_SIZE (RELAY_NAME_SIZE + 50)
#define POLL_MS 20

/* Which octet of the file stands for what. */
enum octet {
	OCTET_SESSION,
	OCTET_WATCH,
};

/* No relay's name has a colon, so that this is never the file of a pause. */
static int
open_file(struct store *s, const char *relay, const char *what, bool make)
{
	struct error ignored;
	char name[NAME_SIZE];
	struct stat st;
	int folder, fd;

	if (!text_is_plain_name(relay) || strlen(relay) >= RELAY_NAME_SIZE)
		return -1;
	folder = folder_open(s->root, FOLDER, make, s->path, &ignored);
	if (folder < 0)
		return -1;
	snprintf(name, sizeof name, "%s:%s", relay, what);
	fd = openat(folder, name,
	    (make ? O_CREAT : 0) | O_RDWR | O_NOFOLLOW | O_CLOEXEC |
		O_NONBLOCK | O_NOCTTY,
	    0600);
	io_close(&folder);
	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
			   st.st_uid != geteuid()))
		io_close(&fd);
	return fd;
}

int
slot_open_file(struct store *s, const char *relay, const char *what)
{
	return open_file(s, relay, what, true);
}

int
slot_find_file(struct store *s, const char *relay, const char *what)
{
	return open_file(s, relay, what, false);
}

static int
open_slot(
    struct store *s, const char *relay, uid_t uid, size_t number, bool make)
{
	char text[48];

	snprintf(text, sizeof text, "%lu:%zu", (unsigned long)uid, number + 1);
	return open_file(s, relay, text, make);
}

static enum slot
take(int fd, enum octet octet)
{
	if (lock_try_octet(fd, octet))
		return SLOT_TAKEN;
	return errno == EAGAIN || errno == EACCES ? SLOT_BUSY : SLOT_UNKNOWN;
}

/*
 * Tries one slot. With its watch and without its session it is kept in *next,
 * to wait for, if that has none yet.
 */
static enum slot
try_watch(int *fd, int *next)
{
	enum slot got = *fd >= 0 ? take(*fd, OCTET_WATCH) : SLOT_UNKNOWN;

	if (got == SLOT_TAKEN) {
		got = take(*fd, OCTET_SESSION);
		if (got == SLOT_BUSY && *next < 0) {
			*next = *fd;
			*fd = -1;
		}
	}
	if (got != SLOT_TAKEN)
		io_close(fd);
	return got;
}

enum slot
slot_watch(struct store *s, const char *relay, uid_t uid, size_t count,
    int64_t patience_ms, int *fd)
{
	int64_t end = clock_monotonic_ms() + patience_ms;
	enum slot got = SLOT_UNKNOWN;
	int next = -1;

	*fd = -1;
	for (size_t i = 0; i < count && got != SLOT_TAKEN; i++) {
		enum slot one;

		*fd = open_slot(s, relay, uid, i, true);
		one = try_watch(fd, &next);
		got = one == SLOT_UNKNOWN ? got : one;
	}
	if (got == SLOT_TAKEN) {
		io_close(&next);
	} else if (next >= 0) {
		*fd = next;
		while (take(next, OCTET_SESSION) == SLOT_BUSY &&
		       clock_monotonic_ms() < end)
			clock_nap(POLL_MS);
		got = SLOT_TAKEN;
	}
	return got;
}

bool
slot_is_watched(struct store *s, const char *relay, uid_t uid, size_t count)
{
	bool all = count > 0;

	for (size_t i = 0; i < count && all; i++) {
		int fd = open_slot(s, relay, uid, i, false);

		all = fd >= 0 && lock_is_held_octet(fd, OCTET_WATCH);
		io_close(&fd);
	}
	return all;
}

enum slot
slot_pass(struct store *s, const char *relay, uid_t uid, size_t count, int *fd)
{
	enum slot got = SLOT_UNKNOWN;

	*fd = -1;
	for (size_t i = 0; i < count && got != SLOT_TAKEN; i++) {
		*fd = open_slot(s, relay, uid, i, true);
		if (*fd >= 0)
			got = take(*fd, OCTET_SESSION);
		if (got != SLOT_TAKEN)
			io_close(fd);
	}
	return got;
}

enum slot
slot_flush(struct store *s, const char *relay, uid_t uid, int *fd)
{
	enum slot got = SLOT_UNKNOWN;
	char text[48];

	snprintf(text, sizeof text, "%lu:flush", (unsigned long)uid);
	*fd = slot_open_file(s, relay, text);
	if (*fd >= 0)
		got = take(*fd, OCTET_SESSION);
	if (got != SLOT_TAKEN)
		io_close(fd);
	return got;
}
