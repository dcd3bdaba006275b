/* SPDX-License-Identifier: ISC */
/* The data of a message, behind 354. */
#include "delivery/body.h"

#include "base/io.h"
#include "base/limits.h"
#include "delivery/talk.h"
#include "message/wire.h"

/*
 * The relay spoke, or went away, in the middle of the message. What it said
 * against it counts (many refuse a large one so); a yes does not.
 */
static int
interrupted(struct transaction *t, const struct reply *r, struct error *err)
{
	if (reply_class(r) >= 4 && transaction_judge(t, PHASE_END, r, err) == 0)
		error_set(err, ERR_TEMPORARY,
		    "the relay broke off in the message: %s", r->text);
	return -1;
}

/* One block with its dots doubled; the last one with the end behind it. */
static int
send_block(struct session *s, struct transaction *t, struct span block,
    bool *at_line_start, bool last, struct error *err)
{
	struct reply r;

	buf_clear(&s->out);
	wire_stuff(block, at_line_start, &s->out);
	if (last) {
		if (talk_silence(s, &r, err) != 0)
			return interrupted(t, &r, err);
		buf_add_text(&s->out, ".\r\n");
	}
	if (stream_write(s->stream, buf_span(&s->out), s->timeout_ms, err) == 0)
		return 0;
	/* A refusal may lie before the end of the connection. */
	talk_silence(s, &r, err);
	return interrupted(t, &r, err);
}

int
body_send(struct session *s, struct transaction *t, struct error *err)
{
	bool at_line_start = true;
	struct wire_check wire;
	char block[IO_BLOCK];
	int64_t left = t->size;

	wire_check_init(&wire);
	while (left > 0) {
		size_t want = left < IO_BLOCK ? (size_t)left : IO_BLOCK;
		ssize_t n = io_read(t->fd, block, want);
		struct span part;

		if (n <= 0)
			return error_set(err, ERR_IO,
			    "the message cannot be read to its end");
		part = span(block, (size_t)n);
		left -= n;
		wire_check_take(&wire, part);
		if (wire.broken || (left == 0 && !wire_check_end(&wire))) {
			t->corrupt = true;
			return error_set(err, ERR_DATA,
			    "the message has a line end that is not CRLF");
		}
		if (send_block(s, t, part, &at_line_start, left == 0, err) != 0)
			return -1;
	}
	return 0;
}
