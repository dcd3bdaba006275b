/* SPDX-License-Identifier: ISC */
/* The files that the configuration names, and who may read them. */
#include "check_files.h"

#include "check.h"
#include "config/paths.h"
#include "gate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
files_wrong(struct files *f, const char *fmt, ...)
{
	va_list ap;

	fputs("pillarbox: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
	f->wrong++;
}

/* The rights that a helper has by its setuid and setgid bits. */
static void
find_deliverer(struct files *f, const char *program)
{
	struct stat st;

	f->uid = geteuid();
	f->gid = getegid();
	if (f->config->own || stat(program, &st) != 0)
		return;
	if ((st.st_mode & S_ISUID) != 0)
		f->uid = st.st_uid;
	if ((st.st_mode & S_ISGID) != 0)
		f->gid = st.st_gid;
}

bool
files_may_read(const struct files *f, const struct stat *st)
{
	if (f->uid == 0)
		return true;
	if (f->uid == st->st_uid)
		return (st->st_mode & S_IRUSR) != 0;
	if (f->gid == st->st_gid)
		return (st->st_mode & S_IRGRP) != 0;
	return (st->st_mode & S_IROTH) != 0;
}

static void
check_helper(struct files *f, const char *name)
{
	char *program = paths_helper(name);

	if (access(program, X_OK) != 0)
		files_wrong(f, "%s: %s; install pillarbox anew", program,
		    strerror(errno));
	free(program);
}

/* Whoever can write it decides where all mail goes, with which password. */
static void
check_config(struct files *f)
{
	const struct config *c = f->config;
	uid_t owner = c->own ? geteuid() : 0;
	struct stat st;

	if (stat(c->path, &st) != 0) {
		files_wrong(f, "%s: %s", c->path, strerror(errno));
		return;
	}
	if (st.st_uid != owner && st.st_uid != 0)
		files_wrong(f, "%s: belongs to uid %lu; run: chown %lu %s",
		    c->path, (unsigned long)st.st_uid, (unsigned long)owner,
		    c->path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		files_wrong(f, "%s: others can write it; run: chmod go-w %s",
		    c->path, c->path);
	if (!files_may_read(f, &st))
		files_wrong(f,
		    "%s: uid %lu, which delivers, cannot read it; keep the "
		    "password in a password-file, and run: chmod 644 %s",
		    c->path, (unsigned long)f->uid, c->path);
}

/* The sender of what has none is who sends it at this host, and relays refuse
 * a domain that cannot be one. "domain" is for recipients. */
static void
check_host_name(struct files *f)
{
	const struct config *c = f->config;

	if (strchr(c->host_name, '.') != NULL)
		return;
	for (size_t i = 0; i < c->relay_count; i++) {
		if (c->relays[i].from != NULL)
			continue;
		files_wrong(f,
		    "%s: the host's name, \"%s\", has no dot, and relays "
		    "refuse senders at such a name; write hostname = "
		    "\"host.example.org\", or from = \"...\" in relay \"%s\"",
		    c->path, c->host_name, c->relays[i].name);
		return;
	}
}

size_t
check_files(const struct config *c)
{
	char *program = paths_helper("pillarbox-deliver");
	struct files f = {.config = c};

	find_deliverer(&f, program);
	check_helper(&f, "pillarbox-queue");
	check_helper(&f, "pillarbox-deliver");
	if (!c->own && !gate_helper_works(program) &&
	    access(SOCKET_PATH, F_OK) != 0)
		files_wrong(&f,
		    "%s has no setuid bit, and there is no %s; run make "
		    "install as root, or start pillarbox.socket",
		    program, SOCKET_PATH);
	check_config(&f);
	if (c->relay_count == 0)
		files_wrong(&f,
		    "%s: no relay; add one: relay \"NAME\" { host = \"...\" }",
		    c->path);
	check_host_name(&f);
	for (size_t i = 0; i < c->relay_count; i++)
		check_relay_files(&f, &c->relays[i]);
	free(program);
	return f.wrong;
}
