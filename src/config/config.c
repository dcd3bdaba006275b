/* SPDX-License-Identifier: ISC */
/* The file: read, and judged as a whole. */
#include "config/config.h"

#include "base/buf.h"
#include "base/io.h"
#include "config/fill.h"
#include "config/paths.h"
#include "config/proxy.h"
#include "config/remarks.h"
#include "config/settings.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
has_secret(const struct relay *r)
{
	return r->password != NULL ||
	       (r->proxy != NULL && proxy_has_password(r->proxy));
}

/* What the file as a whole must be; each setting was checked by itself. */
static int
check_whole(struct config *c, mode_t mode, struct error *err)
{
	bool secret = false;

	for (size_t i = 0; i < c->relay_count; i++)
		secret = secret || has_secret(&c->relays[i]);
	if (secret && (mode & (S_IRWXG | S_IRWXO)) != 0)
		return error_set(err, ERR_CONFIG,
		    "%s: others can read this file and it holds a password; "
		    "run: chmod 600 %s",
		    c->path, c->path);
	if (c->default_relay != NULL && config_default(c, err) == NULL)
		return -1;
	if (c->own && c->queue_path == NULL)
		c->queue_path = paths_user_queue();
	if (c->own && c->queue_path == NULL && c->queue_enabled)
		return error_set(err, ERR_CONFIG,
		    "%s: this user has no home folder; set queue { path = "
		    "\"...\" }",
		    c->path);
	if (!c->own && c->queue_path != NULL)
		return error_set(err, ERR_CONFIG,
		    "%s: the queue of the system is %s; \"path\" is for a "
		    "user's own configuration",
		    c->path, paths_system_queue());
	if (!c->own)
		c->queue_path = must_strdup(paths_system_queue());
	return 0;
}

static int
read_file(const char *path, struct buf *text, mode_t *mode, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int rc = -1;

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERR_CONFIG,
		    "%s: no such file; pillarbox.conf(5) has an example to "
		    "begin with",
		    path);
	if (fd < 0 || fstat(fd, &st) != 0) {
		rc = error_errno(err, ERR_CONFIG, "%s: cannot open", path);
	} else if (!S_ISREG(st.st_mode)) {
		rc = error_set(err, ERR_CONFIG, "%s: not a plain file", path);
	} else {
		*mode = st.st_mode;
		/* All the memory at once: growing would leave copies of it. */
		if (st.st_size < CONFIG_FILE_MAX)
			buf_room(text, (size_t)st.st_size + 1);
		rc = io_read_all(fd, text, path, err);
		err->kind = rc != 0 ? ERR_CONFIG : err->kind;
	}
	io_close(&fd);
	return rc;
}

/* Reads the file c->path. */
static int
load(struct config *c, struct error *err)
{
	cfg_t *root = NULL;
	mode_t mode = 0;
	struct buf text;
	int rc = -1;

	buf_init(&text, CONFIG_FILE_MAX);
	if (read_file(c->path, &text, &mode, err) != 0 ||
	    remarks_blank(&text, c->path, err) != 0)
		goto out;
	root = settings_parse(c->path, buf_span(&text), err);
	if (root == NULL)
		goto out;
	fill(c, root);
	rc = check_whole(c, mode, err);
out:
	if (root != NULL)
		cfg_free(root);
	buf_wipe(&text);
	buf_release(&text);
	if (rc != 0)
		config_release(c);
	return rc;
}

/* Who parses what others send has nothing that could be had from it. */
static void
forget_secrets(struct config *c)
{
	for (size_t i = 0; i < c->relay_count; i++) {
		struct relay *r = &c->relays[i];

		if (r->password != NULL)
			explicit_bzero(r->password, strlen(r->password));
		if (r->proxy != NULL)
			proxy_forget_password(r->proxy);
	}
}

int
config_load(struct config *c, const char *given, struct error *err)
{
	*c = (struct config){0};
	c->path = paths_config(given, &c->own);
	if (load(c, err) != 0)
		return -1;
	forget_secrets(c);
	return 0;
}

int
config_load_helper(struct config *c, const char *given, struct error *err)
{
	*c = (struct config){.own = given != NULL};
	c->path = must_strdup(given != NULL ? given : paths_system_config());
	return load(c, err);
}
