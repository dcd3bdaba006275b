/* SPDX-License-Identifier: ISC */
/* The files that the configuration names, and who may read them. */
#include "check.h"

#include "base/text.h"
#include "config/paths.h"
#include "gate.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who delivers, and what was found so far. */
struct files {
	const struct config *config;
	uid_t uid;
	gid_t gid;
	size_t wrong;
};

static void __attribute__((format(printf, 2, 3)))
wrong(struct files *f, const char *fmt, ...)
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

static bool
may_read(const struct files *f, const struct stat *st)
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
		wrong(f, "%s: %s; install pillarbox anew", program,
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
		wrong(f, "%s: %s", c->path, strerror(errno));
		return;
	}
	if (st.st_uid != owner && st.st_uid != 0)
		wrong(f, "%s: belongs to uid %lu; run: chown %lu %s", c->path,
		    (unsigned long)st.st_uid, (unsigned long)owner, c->path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		wrong(f, "%s: others can write it; run: chmod go-w %s", c->path,
		    c->path);
	if (!may_read(f, &st))
		wrong(f,
		    "%s: uid %lu, which delivers, cannot read it; keep the "
		    "password in a password-file, and run: chmod 644 %s",
		    c->path, (unsigned long)f->uid, c->path);
}

/* What makes it good for who delivers, in one go. */
static void
wrong_rights(struct files *f, const char *what, const char *path,
    const struct stat *st, const char *why)
{
	if (st->st_uid == f->uid)
		wrong(f, "%s %s: %s; run: chmod 600 %s", what, path, why, path);
	else
		wrong(f, "%s %s: %s; run: chown 0:%lu %s; chmod 640 %s", what,
		    path, why, (unsigned long)f->gid, path, path);
}

/* By the rules of secret.c, but its content is not looked at. */
static void
check_password_file(struct files *f, const struct relay *relay,
    const char *setting, const char *path)
{
	char what[RELAY_NAME_SIZE + 40];
	struct stat st;
	bool shared;

	/* Only root may look into the system's folder. */
	if (!f->config->own && geteuid() != 0)
		return;
	snprintf(what, sizeof what, "relay \"%s\": %s", relay->name, setting);
	if (stat(path, &st) != 0) {
		wrong(f, "%s %s: %s", what, path, strerror(errno));
		return;
	}
	shared = st.st_uid == 0 && st.st_gid == f->gid;
	if (!S_ISREG(st.st_mode))
		wrong(f, "%s %s: not a plain file", what, path);
	else if ((st.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) != 0 ||
		 ((st.st_mode & S_IRGRP) != 0 && !shared))
		wrong_rights(f, what, path, &st, "others can read it");
	else if (!may_read(f, &st))
		wrong_rights(f, what, path, &st, "who delivers cannot read it");
	else if (st.st_size == 0)
		wrong(f, "%s %s: is empty", what, path);
}

/* Is a program of that name to be found, as execvp(3) would? */
static bool
is_there(const struct files *f, const char *name)
{
	const char *path = f->config->own ? getenv("PATH") : NULL;
	struct span rest = span_of(path != NULL ? path : "/usr/bin:/bin"), part;
	char file[PATH_MAX];

	if (strchr(name, '/') != NULL)
		return access(name, X_OK) == 0;
	while (span_cut(&rest, ':', &part))
		if (snprintf(file, sizeof file, "%.*s/%s", SPAN_ARG(part),
			name) < (int)sizeof file &&
		    access(file, X_OK) == 0)
			return true;
	return false;
}

static void
check_ca_file(struct files *f, const struct relay *relay, const char *setting,
    const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		wrong(f, "relay \"%s\": %s %s: %s", relay->name, setting, path,
		    strerror(errno));
	else if (!may_read(f, &st))
		wrong(f,
		    "relay \"%s\": %s %s: uid %lu, which delivers, cannot read "
		    "it; run: chmod a+r %s",
		    relay->name, setting, path, (unsigned long)f->uid, path);
}

/* Only its owner, and root, can see whether there is one. */
static void
check_token(struct files *f, const struct relay *relay)
{
	const struct config *c = f->config;
	char file[PATH_MAX];

	if ((!c->own && geteuid() != 0) || c->queue_path == NULL)
		return;
	if (snprintf(file, sizeof file, "%s/tokens/%s", c->queue_path,
		relay->name) < (int)sizeof file &&
	    access(file, F_OK) != 0)
		wrong(f,
		    "relay \"%s\": nobody has authorized it; run: pillarbox "
		    "--authorize %s",
		    relay->name, relay->name);
}

static void
check_oauth(struct files *f, const struct relay *relay)
{
	const struct oauth *o = relay->oauth;

	if (o->client_secret_file != NULL)
		check_password_file(
		    f, relay, "client-secret-file", o->client_secret_file);
	if (o->ca_file != NULL)
		check_ca_file(f, relay, "ca-file", o->ca_file);
	if (o->grant == GRANT_COMMAND && !is_there(f, o->token_command[0]))
		wrong(f, "relay \"%s\": token-command %s: no such program",
		    relay->name, o->token_command[0]);
	if (o->grant == GRANT_CODE || o->grant == GRANT_DEVICE)
		check_token(f, relay);
}

static void
check_relay(struct files *f, const struct relay *relay)
{
	if (relay->password_file != NULL)
		check_password_file(
		    f, relay, "password-file", relay->password_file);
	if (relay->proxy_password_file != NULL)
		check_password_file(f, relay, "proxy-password-file",
		    relay->proxy_password_file);
	if (relay->oauth != NULL)
		check_oauth(f, relay);
	if (relay->password_command != NULL &&
	    !is_there(f, relay->password_command[0]))
		wrong(f, "relay \"%s\": password-command %s: no such program",
		    relay->name, relay->password_command[0]);
	if (relay->tls_ca_file != NULL)
		check_ca_file(f, relay, "tls-ca-file", relay->tls_ca_file);
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
		wrong(f,
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
		wrong(&f,
		    "%s has no setuid bit, and there is no %s; run make "
		    "install as root, or start pillarbox.socket",
		    program, SOCKET_PATH);
	check_config(&f);
	if (c->relay_count == 0)
		wrong(&f,
		    "%s: no relay; add one: relay \"NAME\" { host = \"...\" }",
		    c->path);
	check_host_name(&f);
	for (size_t i = 0; i < c->relay_count; i++)
		check_relay(&f, &c->relays[i]);
	free(program);
	return f.wrong;
}
