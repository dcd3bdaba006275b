/* SPDX-License-Identifier: ISC */
/* The way from the front to the store: a child, or a socket. What comes back
 * is in gate_answer.c. */
#include "gate.h"

#include "base/io.h"
#include "config/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Longer than the store itself waits for us. */
#define ANSWER_SECONDS 330

bool
gate_helper_works(const char *program)
{
	struct statvfs mount;
	struct stat st;

	if (stat(program, &st) != 0)
		return true;
	/* Root's helper steps down by itself: process_become_owner(). */
	if (geteuid() == 0 || geteuid() == st.st_uid)
		return true;
	return (st.st_mode & S_ISUID) != 0 &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 &&
	       statvfs(program, &mount) == 0 && (mount.f_flag & ST_NOSUID) == 0;
}

static int
start_child(struct gate *g, const char *program, const struct config *c,
    const char *verb, const char *argument, unsigned flags, struct error *err)
{
	const char *argv[8] = {program};
	char option[32];
	size_t n = 1;

	snprintf(option, sizeof option, "--%s", verb);
	if (strcmp(verb, "accept") != 0)
		argv[n++] = option;
	if (argument != NULL)
		argv[n++] = argument;
	if (c->own) {
		argv[n++] = "--queue";
		argv[n++] = c->queue_path;
	}
	/* It reads no configuration; and nobody looks at its stderr. */
	if (c->log != LOG_TO_SYSLOG || c->log_json) {
		argv[n++] = "--log";
		argv[n] = c->log == LOG_TO_SYSLOG ? "json" : "none";
	}
	if (child_start(&g->child, argv, flags, err) != 0)
		return -1;
	g->to = g->child.to;
	g->from = g->child.from;
	g->child.to = g->child.from = -1;
	return 0;
}

static int
call_store(struct gate *g, struct error *err)
{
	const struct sockaddr_un address = {
	    .sun_family = AF_UNIX, .sun_path = SOCKET_PATH};
	const struct timeval patience = {.tv_sec = ANSWER_SECONDS};
	struct stat st;

	g->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (g->socket < 0)
		return error_errno(err, ERR_TEMPORARY, "cannot make a socket");
	if (connect(g->socket, (const struct sockaddr *)&address,
		sizeof address) != 0) {
		bool there = stat(SOCKET_PATH, &st) == 0;

		return error_errno(err, there ? ERR_TEMPORARY : ERR_CONFIG,
		    "the system's queue is out of reach: pillarbox-queue "
		    "cannot have its rights here (no setuid bit, or no new "
		    "privileges), and %s does not answer; start "
		    "pillarbox.socket",
		    SOCKET_PATH);
	}
	if (setsockopt(g->socket, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof patience) != 0 ||
	    setsockopt(g->socket, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof patience) != 0)
		return error_errno(err, ERR_TEMPORARY, "%s", SOCKET_PATH);
	return 0;
}

static int
ask_socket(struct gate *g, const char *verb, const char *argument,
    unsigned flags, struct error *err)
{
	char line[128];
	int n = snprintf(line, sizeof line, "%s%s%s\n", verb,
	    argument ? " " : "", argument ? argument : "");

	if (n >= (int)sizeof line || strpbrk(line, "\n") != line + n - 1)
		return error_set(err, ERR_USAGE, "%s: no id", argument);
	if (call_store(g, err) != 0)
		return -1;
	/* One that hangs up at once has said why. */
	if (io_write(g->socket, line, (size_t)n) != 0 && errno != EPIPE)
		return error_errno(err, ERR_TEMPORARY, "%s", SOCKET_PATH);
	g->to = g->from = g->socket;
	if ((flags & CHILD_STDIN) == 0)
		gate_end_input(g);
	return 0;
}

int
gate_open(struct gate *g, const struct config *c, const char *verb,
    const char *argument, unsigned flags, struct error *err)
{
	char *program = paths_helper("pillarbox-queue");
	int rc;

	*g = (struct gate){.child = {.pid = -1, .to = -1, .from = -1},
	    .socket = -1,
	    .to = -1,
	    .from = -1};
	if (c->own || gate_helper_works(program))
		rc = start_child(g, program, c, verb, argument, flags, err);
	else
		rc = ask_socket(g, verb, argument, flags, err);
	if (rc != 0)
		io_close(&g->socket);
	free(program);
	return rc;
}

void
gate_end_input(struct gate *g)
{
	if (g->socket < 0)
		io_close(&g->to);
	else
		shutdown(g->socket, SHUT_WR);
	g->to = -1;
}
