/* SPDX-License-Identifier: ISC */
/*
 * The verb of every sendmail call: read all of the message, check it,
 * complete it, and hand it as one entry to the store (or, with the queue
 * switched off, to delivery).
 */
#include "submit.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/process.h"
#include "cli/exitcode.h"
#include "config/config.h"
#include "config/paths.h"
#include "message/complete.h"
#include "message/envelope.h"
#include "message/header.h"
#include "message/intake.h"
#include "queue/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* Date, From and Message-ID, should the header have none of them. */
#define COMPLETION_MAX (2 * KIB)

struct submission {
	const struct options *options;
	struct config config;
	struct intake message;
	struct caller caller;
	struct entry entry;
	struct buf header; /* completed, with the empty line behind it */
};

static int
make_envelope(struct submission *s, struct error *err)
{
	const struct options *o = s->options;
	struct error ignored;
	const struct relay *relay =
	    config_route(&s->config, "", o->relay, o->relay ? err : &ignored);
	const struct envelope_request request = {
	    .sender = o->sender,
	    .rcpt = o->arguments,
	    .rcpt_count = o->argument_count,
	    .from_header = o->from_header,
	    .after_dashes = o->after_dashes,
	    .login = s->caller.login,
	    .host_name = s->config.host_name,
	    .relay_from = relay != NULL ? relay->from : NULL,
	    .bare_allowed = s->config.domain != NULL,
	};

	if (o->relay != NULL && relay == NULL)
		return -1;
	return envelope_make(
	    &s->entry.envelope, &request, buf_span(&s->message.head), err);
}

/* A message for which there is no relay would only wait in the queue. */
static int
check_relay(struct submission *s, struct error *err)
{
	const struct envelope *e = &s->entry.envelope;

	if (config_route(&s->config, e->sender, s->options->relay, err) == NULL)
		return -1;
	if (s->options->relay != NULL)
		snprintf(s->entry.relay, sizeof s->entry.relay, "%s",
		    s->options->relay);
	return 0;
}

/* Who stands in From when the header has none and the sender is null. */
static char *
author(const struct submission *s)
{
	const char *sender = s->entry.envelope.sender;
	struct buf b;
	char *address;

	buf_init(&b, 4 * KIB);
	if (sender[0] != '\0')
		buf_add_text(&b, sender);
	else
		buf_printf(&b, "%s@%s", s->caller.login, s->config.host_name);
	address = must_strdup(buf_text(&b));
	buf_release(&b);
	return address;
}

static int
complete(struct submission *s, struct error *err)
{
	char *from = author(s);
	const struct completion c = {
	    .now_us = clock_now_us(),
	    .sender = from,
	    .full_name = s->options->full_name != NULL ? s->options->full_name
						       : s->caller.full_name,
	    .host_name = s->config.host_name,
	};

	complete_header(buf_span(&s->message.head), &c, &s->header);
	free(from);
	if (!buf_ok(&s->header))
		return error_set(err, ERR_DATA, "header block too large");
	s->entry.size = (int64_t)s->header.len + s->message.body.size;
	s->entry.envelope.eight_bit = s->message.eight_bit;
	if (s->entry.size > s->config.max_size)
		return error_set(err, ERR_DATA,
		    "message larger than max-size (%lld bytes)",
		    (long long)s->config.max_size);
	return 0;
}

static int
write_message(struct submission *s, int fd, struct error *err)
{
	if (io_write(fd, s->header.at, s->header.len) != 0)
		return error_errno(err, ERR_IO, "writing the message");
	return spool_copy(&s->message.body, fd, err);
}

/* What the relay would hear, and then the exact bytes. */
static int
dry_run(struct submission *s, struct error *err)
{
	const struct envelope *e = &s->entry.envelope;

	printf("MAIL FROM:<%s>%s%s\n", e->sender,
	    e->eight_bit ? " BODY=8BITMIME" : "", e->utf8 ? " SMTPUTF8" : "");
	for (size_t i = 0; i < e->rcpt_count; i++)
		printf("RCPT TO:<%s>\n", e->rcpt[i].address);
	printf("\n");
	if (fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return write_message(s, STDOUT_FILENO, err) == 0 ? EX_OK : -1;
}

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
		rc = write_message(s, fd, err);
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

static int
send_directly(struct submission *s, struct error *err)
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

static int
enqueue(struct submission *s, char *id, size_t size, struct error *err)
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

/*
 * The message is ours by now, so whatever happens to the first attempt, the
 * answer to the caller is 0; but for a foreground one that the relay refused.
 */
static int
attempt(struct submission *s, const char *id, bool foreground)
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

static enum delivery_mode
mode_of(const struct submission *s)
{
	switch (s->options->delivery) {
	case WISH_BACKGROUND:
		return DELIVERY_BACKGROUND;
	case WISH_FOREGROUND:
		return DELIVERY_FOREGROUND;
	case WISH_QUEUE:
		return DELIVERY_QUEUE;
	case WISH_NONE:
		break;
	}
	return s->config.delivery;
}

static int
deliver_or_queue(struct submission *s, struct error *err)
{
	enum delivery_mode mode = mode_of(s);
	char id[64];
	int code;

	if (!s->config.queue_enabled)
		return send_directly(s, err);
	code = enqueue(s, id, sizeof id, err);
	if (code != EX_OK || mode == DELIVERY_QUEUE)
		return code;
	return attempt(s, id, mode == DELIVERY_FOREGROUND);
}

int
submit(const struct options *o, struct error *err)
{
	struct submission s = {.options = o};
	int code = -1;

	if (config_load(&s.config, o->config, err) != 0)
		return -1;
	intake_init(&s.message, s.config.max_size);
	buf_init(&s.header, HEADER_BLOCK_MAX + COMPLETION_MAX);
	paths_caller(&s.caller);
	if (intake_read(&s.message, STDIN_FILENO, err) == 0 &&
	    make_envelope(&s, err) == 0 && check_relay(&s, err) == 0 &&
	    complete(&s, err) == 0)
		code =
		    o->dry_run ? dry_run(&s, err) : deliver_or_queue(&s, err);
	buf_release(&s.header);
	entry_release(&s.entry);
	paths_caller_release(&s.caller);
	intake_release(&s.message);
	config_release(&s.config);
	return code;
}
