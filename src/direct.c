/* SPDX-License-Identifier: ISC */
/* Delivery without a queue: the relay's answer is the caller's. */
#include "direct.h"

#include "attempt_log.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "parcel.h"
#include "resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

/* Byte by byte, so that the message stays in the pipe. */
static int
read_head(int fd, struct buf *head, struct error *err)
{
	struct span tail = span("", 0);

	while (!span_is(tail, "\n\n")) {
		char byte;
		ssize_t n = io_read(fd, &byte, 1);

		if (n < 0)
			return error_errno(err, ERR_IO, "cannot read");
		if (n == 0)
			return error_set(
			    err, ERR_DATA, "the input ended in the head");
		buf_add_byte(head, byte);
		if (!buf_ok(head))
			return error_set(err, ERR_DATA, "head too long");
		if (head->len >= 2)
			tail = span_from(buf_span(head), head->len - 2);
	}
	return 0;
}

/* Names who did not get it, and who did, so that nobody sends it twice. Whoever
 * was settled before, by the aliases, is neither. */
static int
report(const struct transaction *t, const struct entry *e, struct error *err)
{
	size_t accepted = 0, count = entry_rcpts(e);
	size_t first = t->envelope->rcpt_count;
	bool temporary = false;

	for (size_t i = 0; i < t->envelope->rcpt_count; i++) {
		accepted += t->results[i].outcome == OUTCOME_ACCEPTED ||
			    e->status[i].state == RCPT_DELIVERED;
		if (t->results[i].outcome == OUTCOME_ACCEPTED ||
		    e->status[i].state != RCPT_WAITING)
			continue;
		temporary =
		    temporary || t->results[i].outcome != OUTCOME_REFUSED;
		if (first == t->envelope->rcpt_count)
			first = i;
	}
	if (accepted == count)
		return EX_OK;
	return error_set(err, temporary ? ERR_TEMPORARY : ERR_REFUSED,
	    "<%s>: %s (%zu of %zu recipients were accepted)",
	    t->envelope->rcpt[first].address, transaction_text(t, first),
	    accepted, count);
}

/* To the relay; the exit code. */
static int
hand_over(struct courier *c, int fd, const struct entry *e, int64_t now,
    struct error *err)
{
	bool *skip = must_calloc(e->envelope.rcpt_count, sizeof *skip);
	struct parcel p;
	int code = -1;

	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		skip[i] = e->status[i].state != RCPT_WAITING;
	parcel_init(&p, e, -1);
	p.t.skip = skip;
	p.t.fd = fd;
	p.t.size = e->size;
	parcel_push(c, &p);
	parcel_next(c, true);
	/* The message was in a pipe: its Message-ID has gone by. */
	attempt_log(&(struct attempt){.entry = e,
	    .t = &p.t,
	    .post = p.post,
	    .peer = &p.peer,
	    .rewrite = &p.rewrite,
	    .arrived_us = now,
	    .message_id = "",
	    .trouble = p.rc != 0 ? p.err.text : ""});
	if (p.rc == 0)
		code = report(&p.t, e, err);
	else
		*err = p.err;
	if (p.rc != 0 && p.post != NULL)
		error_prefix(err, "relay \"%s\"", p.post->relay->name);
	parcel_release(&p);
	free(skip);
	return code;
}

/* Whoever writes it is to know that it was taken. */
static int
throw_away(int fd, const struct entry *e)
{
	char block[BUFSIZ];

	while (io_read(fd, block, sizeof block) > 0)
		continue;
	log_info("NOQUEUE: from uid %lu: thrown away: all its recipients have "
		 "the alias /dev/null",
	    (unsigned long)e->uid);
	return EX_OK;
}

int
direct(struct courier *c, int fd, struct error *err)
{
	int64_t now = clock_now_us();
	struct entry e = {0};
	struct buf head;
	int code = -1;

	/* A connection to the relay, for as long as the caller likes, may be
	 * the one that what is queued waits for. */
	if (c->config->queue_enabled && !process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--direct is for a host without a queue");
	buf_init(&head, ENTRY_HEAD_MAX);
	if (read_head(fd, &head, err) != 0 ||
	    entry_decode(&e, false, buf_span(&head), err) != 0)
		goto out;
	e.time = (time_t)(now / 1000000);
	e.uid = process_caller();
	/* Nothing is sent before it is known to whom: there is no queue in
	 * which somebody could wait. */
	if (resolve_all(&e, c->config, &c->aliases, err) == 0)
		code = entry_count(&e, RCPT_WAITING) > 0
			   ? hand_over(c, fd, &e, now, err)
			   : throw_away(fd, &e);
out:
	entry_release(&e);
	buf_release(&head);
	return code;
}
