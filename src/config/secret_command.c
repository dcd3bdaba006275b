/* SPDX-License-Identifier: ISC */
/* A secret that a program prints. */
#include "config/secret_command.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/process.h"
#include "base/text.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* Between being asked to end and being ended. */
#define GRACE_MS 1000

/* How often to look whether it has ended while others keep its pipes open. */
#define LOOK_MS 200

#define ALLOWED_MAX 128

/* What helpers of key stores ask for. A caller may be a web server, whose
 * environment is of anybody's making. "_" at the end: and all that begin so. */
static const char *const allowed[] = {"PATH", "HOME", "USER", "LOGNAME",
    "SHELL", "LANG", "LANGUAGE", "LC_", "TERM", "TMPDIR", "TZ", "XDG_",
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS",
    "GNUPGHOME", "GPG_TTY", "GPG_AGENT_INFO", "SSH_AUTH_SOCK", "KRB5CCNAME",
    "CREDENTIALS_DIRECTORY", "PASSWORD_STORE_", "GOPASS_", "RBW_", "BW_", "OP_",
    "VAULT_", "NIX_"};

static bool
is_allowed(const char *variable)
{
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
		size_t n = strlen(allowed[i]);

		if (strncmp(variable, allowed[i], n) == 0 &&
		    (variable[n] == '=' || allowed[i][n - 1] == '_'))
			return true;
	}
	return false;
}

static int
start(struct child *child, char *const *command, unsigned flags,
    struct error *err)
{
	char *kept[ALLOWED_MAX + 1], **whole = environ;
	size_t n = 0;
	int rc;

	for (char **at = environ; *at != NULL && n < ALLOWED_MAX; at++)
		if (is_allowed(*at))
			kept[n++] = *at;
	kept[n] = NULL;
	environ = kept;
	rc = child_start(child, (const char *const *)command,
	    CHILD_STDIN | CHILD_STDOUT | CHILD_SEARCH | flags, err);
	environ = whole;
	io_close(&child->to);
	return rc;
}

/* Once what is there has been read; p->fd is -1 at its end. */
static void
take(struct pollfd *p, struct buf *to)
{
	char block[1 * KIB];
	ssize_t n;

	if (p->fd < 0 || p->revents == 0)
		return;
	n = io_read(p->fd, block, sizeof block);
	if (n > 0)
		buf_add(to, block, (size_t)n);
	else
		p->fd = -1;
	explicit_bzero(block, sizeof block);
}

/* Hears the command until it ends or the time is up. What it has started may
 * stay, and keep the pipes open. */
static int
hear(const struct child *c, struct buf *to, struct buf *said, struct error *err)
{
	int64_t end = clock_monotonic_ms() + SECRET_COMMAND_MS;
	struct pollfd p[] = {{.fd = c->from, .events = POLLIN},
	    {.fd = c->said, .events = POLLIN}};

	while (p[0].fd >= 0 || p[1].fd >= 0 || !child_has_ended(c)) {
		bool ended = child_has_ended(c);
		int64_t left = end - clock_monotonic_ms();
		int look = left < LOOK_MS ? (int)left : LOOK_MS;

		if (left <= 0)
			return error_set(err, ERR_TEMPORARY,
			    "no secret within %d s", SECRET_COMMAND_MS / 1000);
		if (p[0].fd < 0 && p[1].fd < 0)
			look = look < 5 ? look : 5;
		if (poll(p, 2, ended ? 0 : look) == 0 && ended)
			break;
		take(&p[0], to);
		take(&p[1], said);
		if (!buf_ok(to))
			return error_set(err, ERR_CONFIG,
			    "its output is too long for a secret");
	}
	return 0;
}

/* But for what it printed: a shell that traces shows that here, too. */
static void
pass_on(struct buf *said, struct span printed)
{
	struct span rest, line;
	char *text = (char *)(uintptr_t)buf_text(said), shown[256];

	for (size_t i = 0; i < said->len; i++)
		if (text[i] == '\0')
			text[i] = '?';
	while (span_cut(&printed, '\n', &line))
		text_hide(text, span_trim(line));
	rest = span_of(text);
	/* The end of what did not fit may be the beginning of a secret. */
	while (!buf_ok(said) && rest.len > 0 && rest.at[rest.len - 1] != '\n')
		rest.len--;
	while (span_cut(&rest, '\n', &line)) {
		text_copy_printable(shown, sizeof shown, line);
		fprintf(stderr, "%s\n", shown);
	}
}

static void
keep_first_line(struct buf *to, size_t begin)
{
	char *end = memchr(to->at + begin, '\n', to->len - begin);

	if (end != NULL)
		to->len = (size_t)(end - to->at) + 1;
}

static int
say_failed(const struct child *child, int status, struct error *err)
{
	if (child->signal != 0)
		return error_set(err, ERR_CONFIG,
		    "signal %d (%s) ended it; run it by hand to see why",
		    child->signal, strsignal(child->signal));
	return error_set(err, ERR_CONFIG,
	    "it failed with status %d; run it by hand to see why", status);
}

/* 0: it has ended well. Else -1 with err. */
static int
run(char *const *command, unsigned flags, struct buf *to, struct buf *said,
    struct error *err)
{
	int64_t end = clock_monotonic_ms();
	struct child child;
	int status, rc;

	if (start(&child, command, flags, err) != 0)
		return -1;
	rc = hear(&child, to, said, err);
	if (rc != 0) {
		kill(child.group ? -child.pid : child.pid, SIGTERM);
		end = clock_monotonic_ms() + GRACE_MS;
	}
	status = child_wait_until(&child, end);
	if (rc != 0 || status == 0)
		return rc;
	return say_failed(&child, status, err);
}

int
secret_command(const char *setting, char *const *command, struct buf *to,
    struct error *err)
{
	bool trusted = process_is_trusted();
	bool seen = trusted && isatty(STDERR_FILENO);
	size_t begin = to->len;
	struct buf said;
	int rc;

	buf_init(&said, SECRET_SAID_MAX);
	buf_room(&said, SECRET_SAID_MAX);
	rc =
	    run(command, seen ? 0 : CHILD_STDERR | CHILD_GROUP, to, &said, err);
	if (trusted && said.at != NULL)
		pass_on(&said, span(to->at + begin, to->len - begin));
	keep_first_line(to, begin);
	buf_wipe(&said);
	buf_release(&said);
	return rc == 0 ? 0 : error_prefix(err, "%s %s", setting, command[0]);
}
