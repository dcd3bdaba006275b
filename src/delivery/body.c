/* SPDX-License-Identifier: ISC */
/* The data of a message. */
#include "delivery/body.h"

#include "base/io.h"
#include "base/limits.h"
#include "delivery/command.h"
#include "delivery/talk.h"
#include "message/wire.h"

/* A message on its way. */
struct reading {
	struct transaction *t;
	struct span prefix;
	int64_t left;
	struct wire_check wire;
};

static void
begin(struct reading *r, struct transaction *t)
{
	r->t = t;
	r->prefix = t->prefix;
	r->left = t->size;
	wire_check_init(&r->wire);
}

static ssize_t
take_prefix(struct reading *r, char *to, size_t want)
{
	size_t n = r->prefix.len < want ? r->prefix.len : want;

	memcpy(to, r->prefix.at, n);
	r->prefix = span_from(r->prefix, n);
	return (ssize_t)n;
}

/* The next block, checked; to has room for IO_BLOCK. -1 as body_load(). */
static ssize_t
next_block(struct reading *r, char *to, struct error *err)
{
	size_t want = r->left < IO_BLOCK ? (size_t)r->left : IO_BLOCK;
	ssize_t n = r->prefix.len > 0 ? take_prefix(r, to, want)
				      : io_read(r->t->fd, to, want);

	if (n <= 0)
		return error_set(
		    err, ERR_IO, "the message cannot be read to its end");
	r->left -= n;
	wire_check_take(&r->wire, span(to, (size_t)n));
	if (r->wire.broken || (r->left == 0 && !wire_check_end(&r->wire))) {
		r->t->corrupt = true;
		return error_set(err, ERR_DATA,
		    "the message has a line end that is not CRLF");
	}
	return n;
}

int
body_load(struct transaction *t, struct buf *to, struct error *err)
{
	struct reading r;

	begin(&r, t);
	while (r.left > 0) {
		ssize_t n = next_block(&r, buf_room(to, IO_BLOCK), err);

		if (n < 0)
			return -1;
		buf_grown(to, (size_t)n);
	}
	return 0;
}

static int
broken(struct session *s, struct flight *f, const struct error *err)
{
	flight_fault(s, f, err);
	flight_lose_all(s);
	return -1;
}

int
body_chunk(struct session *s, struct flight *f)
{
	struct reading r;
	struct error err;

	begin(&r, f->t);
	while (r.left > 0) {
		ssize_t n = next_block(&r, buf_room(&s->out, IO_BLOCK), &err);

		if (n < 0)
			return broken(s, f, &err);
		buf_grown(&s->out, (size_t)n);
		if (talk_flush(s) != 0)
			return -1;
	}
	return 0;
}

int
body_data(struct session *s, struct flight *f)
{
	bool at_line_start = true;
	char block[IO_BLOCK];
	struct reading r;
	struct error err;

	begin(&r, f->t);
	command_body(s, f);
	while (r.left > 0) {
		ssize_t n = next_block(&r, block, &err);

		if (n < 0)
			return broken(s, f, &err);
		wire_stuff(span(block, (size_t)n), &at_line_start, &s->out);
		if (r.left > 0 && talk_flush(s) != 0)
			return -1;
	}
	command_dot(s, f);
	return 0;
}
