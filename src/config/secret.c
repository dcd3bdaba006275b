/* SPDX-License-Identifier: ISC */
/* The password of a relay. */
#include "config/secret.h"

#include "base/io.h"
#include "base/limits.h"
#include "base/process.h"
#include "config/netrc.h"
#include "config/secret_command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the rights of a file with a secret must be. */
enum rule {
	/* Nobody but its owner may read it, who is root or this process. In a
	 * system-wide install the group of pillarbox may, too (mode 0640). */
	PRIVATE,
	/* systemd made it, for this process alone: an access list, which shows
	 * as rights of the group, names who may read it. */
	CREDENTIAL,
};

static bool
is_private(const struct stat *st, enum rule rule)
{
	bool shared =
	    rule == CREDENTIAL || (st->st_uid == 0 && st->st_gid == getegid());

	return (st->st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) == 0 &&
	       ((st->st_mode & S_IRGRP) == 0 || shared);
}

/* A chmod 600 of root's file would keep it from us, too. */
static int
say_shown(const char *name, const char *path, const struct stat *st,
    struct error *err)
{
	bool own = st->st_uid == 0 || st->st_uid == geteuid();
	const char *why =
	    own ? "others can read it" : "belongs to another user";

	if (st->st_uid == geteuid())
		return error_set(err, ERR_CONFIG,
		    "%s %s: %s; run: chmod 600 %s", name, path, why, path);
	return error_set(err, ERR_CONFIG,
	    "%s %s: %s; run: chown 0:%lu %s; chmod 640 %s", name, path, why,
	    (unsigned long)getegid(), path, path);
}

static int
say_closed(const char *name, const char *path, struct error *err)
{
	bool denied = errno == EACCES;

	error_errno(err, ERR_CONFIG, "%s %s", name, path);
	if (denied)
		error_append(err, " (pillarbox --check says how to mend it)");
	return -1;
}

/* To be read, if nobody else can; else -1. */
static int
open_private(
    const char *name, const char *path, enum rule rule, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		say_closed(name, path, err);
	else if (!S_ISREG(st.st_mode))
		error_set(
		    err, ERR_CONFIG, "%s %s: not a plain file", name, path);
	else if (!is_private(&st, rule) ||
		 (st.st_uid != 0 && st.st_uid != geteuid()))
		say_shown(name, path, &st, err);
	else
		return fd;
	io_close(&fd);
	return -1;
}

static int
from_file(const char *name, const char *path, enum rule rule, struct buf *to,
    struct error *err)
{
	int fd = open_private(name, path, rule, err);
	int rc = fd >= 0 ? io_read_all(fd, to, path, err) : -1;

	if (rc != 0)
		err->kind = ERR_CONFIG;
	io_close(&fd);
	return rc;
}

static int
from_credential(
    const char *setting, const char *name, struct buf *to, struct error *err)
{
	const char *folder = process_credentials();
	char path[PATH_MAX];

	if (folder == NULL)
		return error_set(err, ERR_CONFIG,
		    "%s \"%s\": systemd has given none to this process; it is "
		    "for units with LoadCredential=, such as "
		    "pillarbox-flush.service",
		    setting, name);
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >=
	    (int)sizeof path)
		return error_set(
		    err, ERR_CONFIG, "%s: the path is too long", setting);
	return from_file(setting, path, CREDENTIAL, to, err);
}

static int
from_netrc(const struct relay *relay, struct buf *to, struct error *err)
{
	char *domain[] = {relay->srv, NULL};
	struct buf text;
	int rc;

	buf_init(&text, NETRC_FILE_MAX);
	buf_room(&text, NETRC_FILE_MAX);
	rc = from_file("netrc-file", relay->netrc_file, PRIVATE, &text, err);
	if (rc == 0)
		rc = netrc_find(relay->netrc_file, buf_span(&text),
		    relay->srv != NULL ? domain : relay->hosts, relay->user, to,
		    err);
	buf_wipe(&text);
	buf_release(&text);
	return rc;
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
	if (from_file(name, path, PRIVATE, to, err) != 0)
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
	if (secret_command(name, command, to, err) != 0)
		return -1;
	return check_line(to, err) == 0
		   ? 0
		   : error_prefix(err, "%s %s", name, command[0]);
}

static int
read_credential(
    const char *setting, const char *name, struct buf *to, struct error *err)
{
	buf_room(to, SECRET_MAX);
	if (from_credential(setting, name, to, err) != 0)
		return -1;
	return check_line(to, err) == 0
		   ? 0
		   : error_prefix(err, "%s \"%s\"", setting, name);
}

int
secret_read(const struct relay *relay, struct buf *to, struct error *err)
{
	const char *name = "password";
	int rc = 0;

	if (relay->password_file != NULL)
		return secret_read_file(
		    "password-file", relay->password_file, to, err);
	if (relay->password_command != NULL)
		return secret_read_command(
		    "password-command", relay->password_command, to, err);
	if (relay->password_credential != NULL)
		return read_credential(
		    "password-credential", relay->password_credential, to, err);
	buf_room(to, SECRET_MAX);
	if (relay->password != NULL) {
		buf_add_text(to, relay->password);
	} else if (relay->netrc_file != NULL) {
		name = "netrc-file";
		rc = from_netrc(relay, to, err);
	}
	if (rc != 0)
		return -1;
	return check_line(to, err) == 0 ? 0 : error_prefix(err, "%s", name);
}

int
secret_read_proxy(const struct relay *relay, struct buf *to, struct error *err)
{
	if (relay->proxy_password_file == NULL)
		return 0;
	return secret_read_file(
	    "proxy-password-file", relay->proxy_password_file, to, err);
}

int
secret_read_key(const struct relay *relay, struct buf *to, struct error *err)
{
	if (relay->tls_key_password_file != NULL)
		return secret_read_file("tls-key-password-file",
		    relay->tls_key_password_file, to, err);
	if (relay->tls_key_password_command != NULL)
		return secret_read_command("tls-key-password-command",
		    relay->tls_key_password_command, to, err);
	if (relay->tls_key_password_credential != NULL)
		return read_credential("tls-key-password-credential",
		    relay->tls_key_password_credential, to, err);
	return 0;
}

int
secret_check_key(const struct relay *relay, struct error *err)
{
	const char *path =
	    relay->tls_key ? relay->tls_key : relay->tls_certificate;
	int fd;

	if (path == NULL || path[0] != '/')
		return 0;
	fd = open_private(
	    relay->tls_key ? "tls-key" : "tls-certificate", path, PRIVATE, err);
	if (fd < 0)
		return -1;
	io_close(&fd);
	return 0;
}

bool
secret_is_there(const struct relay *relay)
{
	return relay->password != NULL || relay->password_file != NULL ||
	       relay->password_command != NULL ||
	       relay->password_credential != NULL || relay->netrc_file != NULL;
}

bool
secret_key_is_there(const struct relay *relay)
{
	return relay->tls_key_password_file != NULL ||
	       relay->tls_key_password_command != NULL ||
	       relay->tls_key_password_credential != NULL;
}
