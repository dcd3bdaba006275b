/* SPDX-License-Identifier: ISC */
/* Tokens on disk: reading. */
#include "oauth/cache.h"

#include "base/io.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever else could write it decides by whom we are taken for. */
static bool
is_ours(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

static int
say_no_token(const struct cache *c, struct error *err)
{
	error_set(err, ERR_PERMISSION,
	    "%s/" CACHE_FOLDER "/%s cannot be read as a token",
	    c->config->queue_path, c->relay);
	return 1;
}

static int
read_file(struct cache *c, struct buf *to, struct error *err)
{
	int fd = openat(c->folder, c->relay,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc;

	if (fd < 0 && errno == ENOENT) {
		error_set(err, ERR_PERMISSION, "there is no token yet");
		return 1;
	}
	if (fd < 0)
		return error_errno(err, ERR_TEMPORARY,
		    "%s/" CACHE_FOLDER "/%s: cannot open",
		    c->config->queue_path, c->relay);
	if (is_ours(fd))
		rc = io_read_all(fd, to, c->relay, err);
	else
		rc = error_set(err, ERR_CONFIG,
		    "%s/" CACHE_FOLDER
		    "/%s: must be a plain file of uid %lu, and "
		    "nobody else may read it; mend that, or run: pillarbox "
		    "--authorize %s",
		    c->config->queue_path, c->relay, (unsigned long)geteuid(),
		    c->relay);
	if (!buf_ok(to))
		rc = say_no_token(c, err);
	io_close(&fd);
	return rc;
}

/* Is it for another client than is configured now? */
static bool
is_of_another(const struct cache *c, const struct token *t)
{
	struct buf identity;
	bool same;

	buf_init(&identity, CACHE_FILE_MAX);
	token_identity(config_relay(c->config, c->relay), &identity);
	same = t->of != NULL && buf_ok(&identity) &&
	       span_is(buf_span(&identity), t->of);
	buf_release(&identity);
	return !same;
}

static int
decode(struct cache *c, struct span text, struct token *t, struct error *err)
{
	int64_t serial;

	if (token_read(t, text, err) != 0) {
		token_release(t);
		return say_no_token(c, err);
	}
	if (!is_of_another(c, t))
		return 0;
	serial = t->serial;
	token_release(t);
	t->serial = serial;
	error_set(err, ERR_PERMISSION,
	    "the token is of another client, scope or login than is configured "
	    "now");
	return 1;
}

int
cache_read(struct cache *c, struct token *t, struct error *err)
{
	struct buf text;
	int rc;

	buf_init(&text, CACHE_FILE_MAX);
	buf_room(&text, CACHE_FILE_MAX);
	rc = read_file(c, &text, err);
	if (rc == 0)
		rc = decode(c, buf_span(&text), t, err);
	buf_wipe(&text);
	buf_release(&text);
	return rc;
}
