/* SPDX-License-Identifier: ISC */
/* From the front to the helpers. */
#include "handover.h"

#include "base/io.h"
#include "base/process.h"
#include "config/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static int
write_entry(struct submission *s, int fd, struct error *err)
{
	struct buf head;
	int rc;

	buf_init(&head, ENTRY_HEAD_MAX);
	entry_encode(&s->entry, false, &head);
	if (!buf_ok(&head))
		rc = error_set(err, ERR_DATA, "too many recipients");
	else if (io_write(fd, head.at, head.len) != 0)
		rc = error_errno(err, ERR_IO, "handing the message over");
	else
		rc = outgoing_write(&s->message, fd, err);
	buf_release(&head);
	return rc;
}

/*
 * Runs a helper with the entry on its stdin; its exit code, or -1. A helper
 * that stopped reading (ERR_IO) has said why; one that got less than the
 * whole entry keeps nothing.
 */
static int
hand_over(struct submission *s, const char *const argv[], unsigned flags,
    char *answer, size_t size, struct error *err)
{
	struct child helper;
	ssize_t n = 0;
	int rc, code;

	if (child_start(&helper, argv, flags, err) != 0)
		return -1;
	rc = write_entry(s, helper.to, err);
	io_close(&helper.to);
	if (flags & CHILD_STDOUT)
		n = io_read(helper.from, answer, size - 1);
	if (answer != NULL)
		answer[n > 0 ? n : 0] = '\0';
	code = child_wait(&helper);
	if (code < 0)
		return error_set(err, ERR_TEMPORARY,
		    "%s was killed; send the message again", argv[0]);
	return rc == 0 || (err->kind == ERR_IO && code != EX_OK) ? code : -1;
}

/* Arguments that every helper of this call gets. */
static size_t
common_arguments(const struct submission *s, const char **argv)
{
	size_t n = 1;

	if (s->config.own) {
		argv[n++] = "--config";
		argv[n++] = s->config.path;
	}
	if (s->options->verbose)
		argv[n++] = "--verbose";
	return n;
}

int
handover_direct(struct submission *s, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[8] = {program};
	size_t n = common_arguments(s, argv);
	int code;

	argv[n] = "--direct";
	code = hand_over(s, argv, CHILD_STDIN, NULL, 0, err);
	free(program);
	return code;
}

int
handover_queue(struct submission *s, char *id, size_t size, struct error *err)
{
	char *program = paths_helper("pillarbox-queue");
	const char *argv[4] = {program};
	int code;

	if (s->config.own) {
		argv[1] = "--queue";
		argv[2] = s->config.queue_path;
	}
	code = hand_over(s, argv, CHILD_STDIN | CHILD_STDOUT, id, size, err);
	free(program);
	id[strcspn(id, "\n")] = '\0';
	return code;
}

int
handover_attempt(struct submission *s, const char *id, bool foreground)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[8] = {program};
	size_t n = common_arguments(s, argv);
	struct child child;
	struct error err;
	int code = EX_OK;

	argv[n++] = foreground ? "--foreground" : "--background";
	argv[n] = id;
	if (child_start(&child, argv, foreground ? 0 : CHILD_DETACHED, &err) !=
	    0)
		fprintf(stderr,
		    "pillarbox: %s is queued, but not sent now: %s\n", id,
		    err.text);
	else if (foreground)
		code = child_wait(&child);
	free(program);
	return code == EX_UNAVAILABLE || code == EX_NOUSER ? code : EX_OK;
}
