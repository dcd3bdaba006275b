/* SPDX-License-Identifier: ISC */
/* The store's side of a connection. */
#include "serve.h"

#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "cli/exitcode.h"
#include "verbs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#define SERVE_IDLE_SECONDS 300

/* Who connected; a socket of another family knows nobody. */
static int
note_peer(struct error *err)
{
	const struct timeval idle = {.tv_sec = SERVE_IDLE_SECONDS};
	struct ucred peer;
	socklen_t len = sizeof peer;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &peer, &len) !=
		0 ||
	    len != sizeof peer || peer.uid == (uid_t)-1)
		return error_set(err, ERR_USAGE,
		    "--socket needs a connection of a Unix socket on "
		    "descriptor 0");
	process_called_by(peer.uid);
	if (setsockopt(STDIN_FILENO, SOL_SOCKET, SO_RCVTIMEO, &idle,
		sizeof idle) != 0 ||
	    setsockopt(STDIN_FILENO, SOL_SOCKET, SO_SNDTIMEO, &idle,
		sizeof idle) != 0 ||
	    dup2(STDIN_FILENO, STDOUT_FILENO) < 0)
		return error_errno(err, ERR_TEMPORARY, "the connection");
	return 0;
}

/* Byte by byte, since what follows is the verb's. */
static int
read_line(char *line, struct error *err)
{
	for (size_t n = 0; n < SERVE_LINE_MAX; n++) {
		ssize_t got = io_read(STDIN_FILENO, line + n, 1);

		if (got <= 0)
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

	*s = (struct served){.argv = {name}, .argc = 1};
	if (note_peer(err) != 0 || read_line(s->line, err) != 0)
		return -1;
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
