/* SPDX-License-Identifier: ISC */
/* Where things are, and who is asking. */
#include "config/paths.h"

#include "base/buf.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *
join(const char *folder, const char *name)
{
	struct buf b;
	char *path;

	buf_init(&b, 64 * KIB);
	buf_printf(&b, "%s/%s", folder, name);
	path = must_strdup(buf_text(&b));
	buf_release(&b);
	return path;
}

/* Who calls, or NULL: asked once, since a directory service may be slow. */
static const struct passwd *
caller_entry(void)
{
	static const struct passwd *entry;
	static uid_t who = (uid_t)-1;

	if (who != getuid()) {
		who = getuid();
		entry = getpwuid(who);
	}
	return entry;
}

/* A folder of the XDG specification: its variable, else beneath the home. */
static char *
xdg(const char *variable, const char *below_home)
{
	const char *set = getenv(variable);
	const struct passwd *user;

	if (set != NULL && set[0] == '/')
		return must_strdup(set);
	user = caller_entry();
	if (user == NULL || user->pw_dir == NULL || user->pw_dir[0] != '/')
		return NULL;
	return join(user->pw_dir, below_home);
}

static char *
user_config(void)
{
	char *folder = xdg("XDG_CONFIG_HOME", ".config");
	char *path;

	if (folder == NULL)
		return NULL;
	path = join(folder, "pillarbox/pillarbox.conf");
	free(folder);
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

const char *
paths_system_config(void)
{
	return SYSCONFDIR "/pillarbox/pillarbox.conf";
}

char *
paths_config(const char *given, bool *own)
{
	char *path;

	*own = true;
	if (given == NULL)
		given = getenv("PILLARBOX_CONFIG");
	if (given != NULL && given[0] != '\0')
		return must_strdup(given);
	path = user_config();
	if (path != NULL)
		return path;
	*own = false;
	return must_strdup(paths_system_config());
}

char *
paths_user_queue(void)
{
	char *folder = xdg("XDG_STATE_HOME", ".local/state");
	char *path;

	if (folder == NULL)
		return NULL;
	path = join(folder, "pillarbox");
	free(folder);
	return path;
}

const char *
paths_system_queue(void)
{
	return LOCALSTATEDIR "/spool/pillarbox";
}

char *
paths_helper(const char *name)
{
	const char *folder = getenv("PILLARBOX_LIBEXEC");

	return join(folder && folder[0] == '/' ? folder : PKGLIBEXECDIR, name);
}

/* Gecos: the name ends at a comma, and "&" is the login, capitalised. */
static char *
full_name_of(const struct passwd *user)
{
	struct buf b;
	char *name;

	buf_init(&b, 4 * KIB);
	for (const char *at = user->pw_gecos; *at != '\0' && *at != ','; at++) {
		size_t start = b.len;

		if (*at != '&') {
			buf_add_byte(&b, *at);
			continue;
		}
		buf_add_text(&b, user->pw_name);
		if (buf_ok(&b) && b.at[start] >= 'a' && b.at[start] <= 'z')
			b.at[start] = (char)(b.at[start] - 'a' + 'A');
	}
	name = must_strdup(buf_ok(&b) ? buf_text(&b) : "");
	buf_release(&b);
	return name;
}

void
paths_caller(struct caller *c)
{
	const struct passwd *user = caller_entry();
	char text[32];

	if (user != NULL) {
		c->login = must_strdup(user->pw_name);
		c->full_name = full_name_of(user);
		return;
	}
	snprintf(text, sizeof text, "uid%lu", (unsigned long)getuid());
	c->login = must_strdup(text);
	c->full_name = must_strdup("");
}

void
paths_caller_release(struct caller *c)
{
	free(c->login);
	free(c->full_name);
	*c = (struct caller){0};
}

static void
read_mailname(char *to, size_t size)
{
	char text[HOST_NAME_SIZE];
	struct span line, rest;
	int fd = open("/etc/mailname", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? io_read(fd, text, sizeof text) : -1;

	io_close(&fd);
	rest = span(text, n > 0 ? (size_t)n : 0);
	if (!span_cut(&rest, '\n', &line))
		return;
	line = span_trim(line);
	if (memchr(line.at, '.', line.len) != NULL)
		text_copy(to, size, line);
}

void
paths_host_name(char *to, size_t size)
{
	if (gethostname(to, size) != 0 || to[0] == '\0')
		snprintf(to, size, "localhost");
	to[size - 1] = '\0';
	if (strchr(to, '.') == NULL)
		read_mailname(to, size);
}
