/* SPDX-License-Identifier: ISC */
/* Tokens on disk: the lock, and writing. */
#include "oauth/cache.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/limits.h"
#include "queue/folder.h"
#include "queue/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME_SIZE (RELAY_NAME_SIZE + 8)
#define POLL_MS 50

/* No relay's name has a colon. */
static const char *
beside(const struct cache *c, const char *what, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%s:%s", c->relay, what);
	return name;
}

static int
say_failed(const struct cache *c, const char *what, struct error *err)
{
	return error_errno(err, ERR_TEMPORARY,
	    "%s/" CACHE_FOLDER "/%s: cannot %s", c->config->queue_path,
	    c->relay, what);
}

int
cache_open(struct cache *c, const struct config *config, const char *relay,
    struct error *err)
{
	const char *path = config->queue_path;

	*c = (struct cache){.config = config,
	    .relay = relay,
	    .root = -1,
	    .folder = -1,
	    .lock = -1,
	    .next = -1};
	if (path == NULL)
		return error_set(err, ERR_CONFIG,
		    "there is no folder for tokens; set queue { path = "
		    "\"...\" }");
	if (config->own && folder_make_path(path, err) != 0)
		return -1;
	c->root = folder_open(AT_FDCWD, path, false, path, err);
	if (c->root >= 0)
		c->folder = folder_open(c->root, CACHE_FOLDER, true, path, err);
	if (c->folder >= 0)
		return 0;
	cache_close(c);
	return -1;
}

/* Does that name still stand for what we have prepared? Who goes on without the
 * lock prepares anew. */
static bool
is_next_ours(const struct cache *c)
{
	struct stat ours, there;
	char name[NAME_SIZE];

	return fstat(c->next, &ours) == 0 &&
	       fstatat(c->folder, beside(c, "new", name), &there,
		   AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

void
cache_close(struct cache *c)
{
	char name[NAME_SIZE];

	if (c->next >= 0 && is_next_ours(c))
		unlinkat(c->folder, beside(c, "new", name), 0);
	io_close(&c->next);
	io_close(&c->lock);
	io_close(&c->folder);
	io_close(&c->root);
	if (c->held)
		sigprocmask(SIG_SETMASK, &c->signals, NULL);
	c->held = false;
}

/* A refresh token that the server has taken, and whose successor is not on
 * disk, is lost; and at a terminal ^C is soon pressed. */
static void
hold_signals(struct cache *c)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	c->held = sigprocmask(SIG_BLOCK, &set, &c->signals) == 0;
}

bool
cache_lock(struct cache *c, int64_t limit_ms)
{
	const struct timespec nap = {.tv_nsec = POLL_MS * 1000000L};
	int64_t end = clock_monotonic_ms() + limit_ms;
	char name[NAME_SIZE];

	c->lock = openat(c->folder, beside(c, "lock", name),
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
	    0600);
	while (c->lock >= 0 && !lock_try(c->lock)) {
		if ((errno != EAGAIN && errno != EACCES) ||
		    clock_monotonic_ms() >= end)
			io_close(&c->lock);
		else
			nanosleep(&nap, NULL);
	}
	hold_signals(c);
	return c->lock >= 0;
}

int
cache_prepare(struct cache *c, struct error *err)
{
	char name[NAME_SIZE];
	int failed;

	/* Of a process that was ended. */
	unlinkat(c->folder, beside(c, "new", name), 0);
	c->next = openat(c->folder, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (c->next < 0)
		return say_failed(c, "write", err);
	failed = posix_fallocate(c->next, 0, CACHE_FILE_MAX);
	if (failed == 0 || failed == EOPNOTSUPP || failed == EINVAL)
		return 0;
	errno = failed;
	return say_failed(c, "write", err);
}

/* What a process that goes on without the lock may have done meanwhile: the
 * file is another, or the name of what is to be written. */
static bool
is_overtaken(struct cache *c, int64_t serial)
{
	struct token now = {0};
	struct error ignored;
	bool same;

	cache_read(c, &now, &ignored);
	same = now.serial == serial && is_next_ours(c);
	token_release(&now);
	return !same;
}

static int
put(struct cache *c, struct span text)
{
	char name[NAME_SIZE];

	if (io_write(c->next, text.at, text.len) != 0 ||
	    ftruncate(c->next, (off_t)text.len) != 0 || fsync(c->next) != 0 ||
	    renameat(c->folder, beside(c, "new", name), c->folder, c->relay) !=
		0)
		return -1;
	io_close(&c->next);
	/* The folder itself may be new. */
	return fsync(c->folder) == 0 && fsync(c->root) == 0 ? 0 : -1;
}

int
cache_commit(struct cache *c, struct token *t, struct error *err)
{
	struct buf text;
	int rc = 0;

	if (is_overtaken(c, t->serial))
		return 1;
	t->serial++;
	buf_init(&text, CACHE_FILE_MAX);
	buf_room(&text, CACHE_FILE_MAX);
	token_write(t, &text);
	if (!buf_ok(&text))
		rc = error_set(err, ERR_TEMPORARY, "the tokens are too long");
	else if (put(c, buf_span(&text)) != 0)
		rc = say_failed(c, "write", err);
	buf_wipe(&text);
	buf_release(&text);
	return rc;
}
