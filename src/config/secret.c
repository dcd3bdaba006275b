/* SPDX-License-Identifier: ISC */
/* The password of a relay. */
#include "config/secret.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between being asked to end and being ended. */
#define GRACE_MS 1000

/*
 * Nobody but its owner may read it. In a system-wide install it is root's,
 * and the group of pillarbox may (mode 0640).
 */
static bool
is_private(const struct stat *st)
{
	bool shared = st->st_uid == 0 && st->st_gid == getegid();

	return (st->st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) == 0 &&
	       ((st->st_mode & S_IRGRP) == 0 || shared);
}

/* A chmod 600 of root's file would keep it from us, too. */
static int
say_shown(const char *name, const char *path, const struct stat *st,
    struct error *err)
{
	if (st->st_uid == geteuid())
		return error_set(err, ERR_CONFIG,
		    "%s %s: others can read it; run: chmod 600 %s", name, path,
		    path);
	return error_set(err, ERR_CONFIG,
	    "%s %s: others can read it; run: chown 0:%lu %s; chmod 640 %s",
	    name, path, (unsigned long)getegid(), path, path);
}

static int
from_file(const char *name, const char *path, struct buf *to, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int rc = -1;

	if (fd < 0 && errno == EACCES)
		rc = error_errno(err, ERR_CONFIG,
		    "%s %s cannot be opened (pillarbox --check says how to "
		    "mend it)",
		    name, path);
	else if (fd < 0 || fstat(fd, &st) != 0)
		rc = error_errno(err, ERR_CONFIG, "%s %s", name, path);
	else if (!S_ISREG(st.st_mode))
		rc = error_set(
		    err, ERR_CONFIG, "%s %s: not a plain file", name, path);
	else if (!is_private(&st))
		rc = say_shown(name, path, &st, err);
	else
		rc = io_read_all(fd, to, path, err);
	if (rc != 0)
		err->kind = ERR_CONFIG;
	io_close(&fd);
	return rc;
}

/* Reads the command's output until it ends or the time is up. */
static int
read_in_time(int fd, int64_t end, struct buf *to, struct error *err)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = end - clock_monotonic_ms();
		char block[1 * KIB];
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return error_set(err, ERR_TEMPORARY,
			    "no password within %d s",
			    SECRET_COMMAND_MS / 1000);
		n = io_read(fd, block, sizeof block);
		if (n < 0)
			return error_errno(err, ERR_TEMPORARY, "cannot read");
		if (n == 0)
			return 0;
		buf_add(to, block, (size_t)n);
		explicit_bzero(block, sizeof block);
		if (!buf_ok(to))
			return error_set(err, ERR_CONFIG,
			    "its output is too long for a password");
	}
}

static int
from_command(
    const char *name, char *const *command, struct buf *to, struct error *err)
{
	int64_t end = clock_monotonic_ms() + SECRET_COMMAND_MS;
	struct child child;
	int status, rc;

	if (child_start(&child, (const char *const *)command,
		CHILD_STDIN | CHILD_STDOUT | CHILD_SEARCH, err) != 0)
		return error_prefix(err, "%s", name);
	io_close(&child.to);
	rc = read_in_time(child.from, end, to, err);
	if (rc != 0) {
		kill(child.pid, SIGTERM);
		end = clock_monotonic_ms() + GRACE_MS;
	}
	status = child_wait_until(&child, end);
	if (rc == 0 && status != 0)
		rc = error_set(err, ERR_CONFIG,
		    "it failed with status %d; run it by hand to see why",
		    status);
	if (rc != 0)
		return error_prefix(err, "%s %s", name, command[0]);
	return 0;
}

/* One line, and not its end. */
static int
check_line(struct buf *to, struct error *err)
{
	if (to->len > 0 && to->at[to->len - 1] == '\n')
		to->len--;
	if (to->len > 0 && to->at[to->len - 1] == '\r')
		to->len--;
	if (to->len == 0)
		return error_set(err, ERR_CONFIG, "the secret is empty");
	if (memchr(to->at, '\0', to->len) != NULL ||
	    memchr(to->at, '\n', to->len) != NULL)
		return error_set(err, ERR_CONFIG,
		    "the secret has more than one line, or a NUL");
	return 0;
}

int
secret_read_file(
    const char *name, const char *path, struct buf *to, struct error *err)
{
	/* All the memory at once: growing would leave copies behind. */
	buf_room(to, SECRET_MAX);
	if (from_file(name, path, to, err) != 0)
		return -1;
	return check_line(to, err) == 0
		   ? 0
		   : error_prefix(err, "%s %s", name, path);
}

int
secret_read_command(
    const char *name, char *const *command, struct buf *to, struct error *err)
{
	buf_room(to, SECRET_MAX);
	if (from_command(name, command, to, err) != 0)
		return -1;
	return check_line(to, err) == 0
		   ? 0
		   : error_prefix(err, "%s %s", name, command[0]);
}

int
secret_read(const struct relay *relay, struct buf *to, struct error *err)
{
	if (relay->password_file != NULL)
		return secret_read_file(
		    "password-file", relay->password_file, to, err);
	if (relay->password_command != NULL)
		return secret_read_command(
		    "password-command", relay->password_command, to, err);
	buf_room(to, SECRET_MAX);
	if (relay->password != NULL)
		buf_add_text(to, relay->password);
	return check_line(to, err) == 0 ? 0 : error_prefix(err, "password");
}

int
secret_read_proxy(const struct relay *relay, struct buf *to, struct error *err)
{
	return secret_read_file(
	    "proxy-password-file", relay->proxy_password_file, to, err);
}
