/* SPDX-License-Identifier: ISC */
/* The password of a relay. */
#include "config/secret.h"

#include "base/io.h"
#include "base/limits.h"
#include "base/process.h"
#include "config/netrc.h"
#include "config/secret_command.h"
#include "config/secret_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static int
from_credential(
    const char *setting, const char *name, struct buf *to, struct error *err)
{
	const char *folder = process_credentials();
	char path[PATH_MAX];

	if (folder == NULL)
		return error_set(err, ERR_CONFIG,
		    "%s \"%s\": systemd has given none to this process, but "
		    "to units with LoadCredential=, such as "
		    "pillarbox-flush.service; write delivery = queue, and "
		    "leave it to that",
		    setting, name);
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >=
	    (int)sizeof path)
		return error_set(
		    err, ERR_CONFIG, "%s: the path is too long", setting);
	return secret_file_read(setting, path, SECRET_CREDENTIAL, to, err);
}

static int
from_netrc(const struct relay *relay, struct buf *to, struct error *err)
{
	char *domain[] = {relay->srv, NULL};
	struct buf text;
	int rc;

	buf_init(&text, NETRC_FILE_MAX);
	buf_room(&text, NETRC_FILE_MAX);
	rc = secret_file_read(
	    "netrc-file", relay->netrc_file, SECRET_PRIVATE, &text, err);
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
	if (secret_file_read(name, path, SECRET_PRIVATE, to, err) != 0)
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
	fd = secret_file_open(relay->tls_key ? "tls-key" : "tls-certificate",
	    path, SECRET_PRIVATE, err);
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
