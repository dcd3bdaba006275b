/* SPDX-License-Identifier: ISC */
/* The verb of sendmail -bs. */
#include "serve_smtp.h"

#include "base/io.h"
#include "base/log.h"
#include "cli/exitcode.h"
#include "smtpd/smtpd.h"
#include "submission.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* RFC 5321 4.5.3.2.7: at least. Who has us by a pipe or a terminal may take
 * its time: it is its own process that waits. */
#define PATIENCE_MS 300000

/* Some programs have sockets of their own for pipes. */
static bool
is_network(void)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof own;

	return getsockname(STDIN_FILENO, (struct sockaddr *)&own, &len) == 0 &&
	       own.ss_family != AF_UNIX;
}

/*
 * What the helpers say on stderr is what the client is to hear, and inetd's
 * stderr is the connection itself, so it must not get there by another way:
 * it goes into a file without a name.
 */
static void
catch_stderr(void)
{
	int fd = memfd_create("stderr", MFD_CLOEXEC);

	if (fd < 0)
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		dup2(fd, STDERR_FILENO);
	io_close(&fd);
}

/* The first line of what has been said meanwhile, without our name; unless the
 * caller has asked to see it itself. */
static int
take_said(bool caught, enum error_kind kind, struct error *err)
{
	static const char name[] = "pillarbox: ";
	char block[sizeof err->text];
	ssize_t n =
	    caught ? io_pread(STDERR_FILENO, block, sizeof block, 0) : 0;
	struct span said = span(block, n > 0 ? (size_t)n : 0), line;

	if (!span_cut(&said, '\n', &line))
		line = span_of("the store or the relay has said why");
	if (span_starts(line, name))
		line = span_from(line, strlen(name));
	return error_set(err, kind, "%.*s", SPAN_ARG(line));
}

static void
forget_said(void)
{
	if (ftruncate(STDERR_FILENO, 0) == 0)
		lseek(STDERR_FILENO, 0, SEEK_SET);
}

/* Deliveries that went into the background and have ended. */
static void
reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
}

static int
take(void *context, char *id, size_t size, struct error *err)
{
	struct submission *s = context;
	bool caught = !s->options->verbose;
	int code;

	reap();
	s->entry.relay[0] = '\0';
	if (caught)
		forget_said();
	code = submission_finish(s, err);
	if (code == 0)
		code = submission_send(s, id, size, err);
	if (code > 0)
		code = take_said(caught, exitcode_kind(code), err);
	return code;
}

static void
refused(void *context, struct span what, struct span why)
{
	(void)context;
	log_warning("not taken from uid %lu: %.*s: %.*s",
	    (unsigned long)getuid(), SPAN_ARG(what), SPAN_ARG(why));
}

int
serve_smtp(const struct options *o, struct error *err)
{
	struct submission s;
	bool network = is_network();
	int rc;

	if (submission_begin(&s, o, err) != 0) {
		smtpd_decline(STDOUT_FILENO, err->text);
		return exitcode_of(err->kind);
	}
	if (!o->verbose)
		catch_stderr();
	s.hop = network;
	rc = smtpd_run(
	    &(const struct smtpd){
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.patience_ms = network ? PATIENCE_MS : -1,
		.lf_allowed = !network,
		.bare_allowed = s.config.domain != NULL,
		.has_alias = submission_has_alias,
		.host_name = s.config.host_name,
		.size_max = s.config.max_size,
		.take = take,
		.refused = refused,
		.context = &s,
		.envelope = &s.entry.envelope,
		.message = &s.message,
	    },
	    err);
	submission_release(&s);
	return rc;
}
