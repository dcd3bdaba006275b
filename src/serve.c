/* SPDX-License-Identifier: ISC */
/* The store's side of a connection. */
#include "serve.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "cli/exitcode.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

/*
 * Connections are few, and each is somebody's process. The front has read all
 * that it has to say before it calls, so that nothing but its disk makes it
 * pause; but what it hears, a person may read page by page.
 */
#define SERVE_VERB_SECONDS 10
#define SERVE_IDLE_SECONDS 30
#define SERVE_UNREAD_SECONDS 300

/* All in all: the largest message at 5 MiB a second. */
#define SERVE_CALL_SECONDS 900

static int
set_patience(int which, time_t seconds)
{
	const struct timeval patience = {.tv_sec = seconds};

	return setsockopt(
	    STDIN_FILENO, SOL_SOCKET, which, &patience, sizeof patience);
}

/* Who connected; a socket of another family knows nobody. */
static int
note_peer(struct error *err)
{
	struct ucred peer;
	socklen_t len = sizeof peer;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &peer, &len) !=
		0 ||
	    len != sizeof peer || peer.uid == (uid_t)-1)
		return error_set(err, ERR_USAGE,
		    "--socket needs a connection of a Unix socket on "
		    "descriptor 0");
	process_called_by(peer.uid);
	if (set_patience(SO_RCVTIMEO, SERVE_VERB_SECONDS) != 0 ||
	    set_patience(SO_SNDTIMEO, SERVE_UNREAD_SECONDS) != 0 ||
	    dup2(STDIN_FILENO, STDOUT_FILENO) < 0)
		return error_errno(err, ERR_TEMPORARY, "the connection");
	return 0;
}

/* Byte by byte, since what follows is the verb's. */
static int
read_line(char *line, struct error *err)
{
	int64_t end = clock_monotonic_ms() + SERVE_VERB_SECONDS * 1000;

	for (size_t n = 0; n < SERVE_LINE_MAX; n++) {
		ssize_t got = io_read(STDIN_FILENO, line + n, 1);

		if (got <= 0 || clock_monotonic_ms() > end)
			return error_set(err, ERR_IO, "no verb came");
		if (line[n] == '\n') {
			line[n] = '\0';
			return 0;
		}
	}
	return error_set(err, ERR_USAGE, "no verb came");
}

int
serve_begin(struct served *s, struct error *err)
{
	static char name[] = "pillarbox-queue";
	char *argument;

	alarm(SERVE_CALL_SECONDS);
	*s = (struct served){.argv = {name}, .argc = 1};
	if (note_peer(err) != 0 || read_line(s->line, err) != 0)
		return -1;
	if (set_patience(SO_RCVTIMEO, SERVE_IDLE_SECONDS) != 0)
		return error_errno(err, ERR_TEMPORARY, "the connection");
	argument = strchr(s->line, ' ');
	if (argument != NULL)
		*argument++ = '\0';
	if (verb_find(s->line) == NULL ||
	    (argument != NULL && argument[0] == '-'))
		return error_set(err, ERR_USAGE, "no such verb");
	snprintf(s->option, sizeof s->option, "--%.32s", s->line);
	s->argv[s->argc++] = s->option;
	if (argument != NULL)
		s->argv[s->argc++] = argument;
	return 0;
}

int
serve_end(int code, const struct error *err)
{
	const char *text = code < 0 ? err->text : "";

	if (code < 0) {
		code = exitcode_of(err->kind);
		log_info("uid %lu, over the socket: %s",
		    (unsigned long)process_caller(), text);
	}
	printf("end %d%s%s\n", code, text[0] ? " " : "", text);
	return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}
