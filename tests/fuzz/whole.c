/* SPDX-License-Identifier: ISC */
/* A message on its way through the front. */
#include "whole.h"

#include "base/limits.h"
#include "message/dkim.h"
#include "message/mime.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct completion completion = {
    .now_us = 1795289101999999,
    .sender = "a@b.example",
    .full_name = "Alice",
    .host_name = "host.example.org",
    .domain = "example.org",
};

static int
make(struct whole *w, struct span message)
{
	struct intake *in = &w->message.in;

	if (intake_take(in, message, &w->err) != 0 ||
	    intake_end(in, &w->err) != 0)
		return -1;
	return outgoing_mend(&w->message, &completion, &w->err);
}

/* Part by part, though nothing asked for it. */
static int
walk(struct whole *w)
{
	struct outgoing *o = &w->message;
	struct mime_result result = {0};
	const struct mime_request request = {
	    .head = buf_span(&o->header),
	    .body = &o->in.body,
	    .seven_bit = o->seven_bit,
	    .locked = w->body_is_kept,
	    .log = &o->log,
	    .result = &result,
	};

	o->walked = true;
	return mime_walk(&request, &o->mended, &w->err);
}

/* By a file, as it is always written. */
static int
write_out(struct whole *w)
{
	int fd = memfd_create("whole", MFD_CLOEXEC);
	int rc = outgoing_write(&w->message, fd, &w->err);
	off_t size = lseek(fd, 0, SEEK_CUR);
	char *room = buf_room(&w->out, (size_t)size + 1);

	if (room == NULL || pread(fd, room, (size_t)size, 0) != size)
		abort();
	buf_grown(&w->out, (size_t)size);
	close(fd);
	return rc;
}

/* What follows the first empty line. */
static struct span
behind_header(struct span message)
{
	struct span line, rest = message;

	while (span_cut(&rest, '\n', &line))
		if (span_is(line, "\r"))
			return rest;
	abort();
}

int
whole_make(struct whole *w, struct span message, const struct whole_wish *wish)
{
	struct outgoing *o = &w->message;

	*w = (struct whole){0};
	outgoing_init(o, 64 * MIB);
	buf_init(&w->out, 256 * MIB);
	o->seven_bit = wish->seven_bit;
	if (wish->memory > 0)
		o->in.body.memory.ceiling = o->mended.memory.ceiling =
		    wish->memory;
	if (make(w, message) != 0)
		return -1;
	w->body_is_kept = dkim_is_signed(buf_span(&o->header));
	if (wish->walk && !o->walked && walk(w) != 0)
		return -1;
	if (write_out(w) != 0)
		return -1;
	/* The walk may have changed the header once more. */
	w->head = w->out.len - behind_header(buf_span(&w->out)).len;
	return 0;
}

void
whole_release(struct whole *w)
{
	buf_release(&w->out);
	outgoing_release(&w->message);
}
