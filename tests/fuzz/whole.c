/* SPDX-License-Identifier: ISC */
/* A message on its way through the front. */
#include "whole.h"

#include "base/limits.h"
#include "message/complete.h"
#include "message/dkim.h"
#include "message/mime.h"
#include "message/wire.h"

#include <stdlib.h>

static const struct completion completion = {
    .now_us = 1795289101999999,
    .sender = "a@b.example",
    .full_name = "Alice",
    .host_name = "host.example.org",
    .domain = "example.org",
};

static void
copy_spool(const struct spool *s, struct buf *to)
{
	char block[IO_BLOCK];
	struct error err;
	int64_t at = 0;
	ssize_t n;

	while ((n = spool_read(s, at, block, sizeof block, &err)) > 0) {
		buf_add(to, block, (size_t)n);
		at += n;
	}
	if (n < 0)
		abort();
}

static void
copy_wire(const struct spool *s, struct buf *to)
{
	struct buf body;
	char last = '\0';

	buf_init(&body, 64 * MIB);
	copy_spool(s, &body);
	wire_convert(buf_span(&body), &last, to);
	wire_close(last, to);
	buf_release(&body);
}

static int
make_body(struct whole *w, const struct whole_wish *wish, struct mends *log)
{
	struct mime_result result = {0};
	const struct mime_request request = {
	    .head = span(w->out.at, w->head),
	    .body = &w->in.body,
	    .seven_bit = wish->seven_bit,
	    .locked = dkim_is_signed(span(w->out.at, w->head)),
	    .log = log,
	    .result = &result,
	};
	struct spool mended;
	int rc = 0;

	w->utf8 = wire_is_eight_bit(request.head);
	w->body_is_kept = request.locked;
	if (!wish->walk && !mime_needs_walk(&request, &w->in.facts)) {
		w->eight_bit = w->utf8 || w->in.facts.eight_bit > 0;
		buf_add_text(&w->out, "\r\n");
		copy_wire(&w->in.body, &w->out);
		return 0;
	}
	spool_init(&mended);
	if (wish->memory > 0)
		mended.memory.ceiling = wish->memory;
	rc = mime_walk(&request, &mended, &w->err);
	if (rc == 0) {
		size_t head = w->out.len;

		copy_spool(&mended, &w->out);
		buf_drop(&w->out, head);
		w->eight_bit = w->utf8 || result.eight_bit;
	}
	spool_release(&mended);
	return rc;
}

int
whole_make(struct whole *w, struct span message, const struct whole_wish *wish)
{
	struct mends log;
	int rc;

	*w = (struct whole){0};
	intake_init(&w->in, 64 * MIB);
	if (wish->memory > 0)
		w->in.body.memory.ceiling = wish->memory;
	buf_init(&w->out, 256 * MIB);
	buf_init(&w->log, MIB);
	mends_init(&log);
	rc = intake_take(&w->in, message, &w->err);
	if (rc == 0)
		rc = intake_end(&w->in, &w->err);
	if (rc == 0)
		rc = complete_header(
		    buf_span(&w->in.head), &completion, &w->out, &log, &w->err);
	w->head = w->out.len;
	if (rc == 0)
		rc = make_body(w, wish, &log);
	buf_add_span(&w->log, buf_span(&log.lines));
	mends_release(&log);
	return rc;
}

void
whole_release(struct whole *w)
{
	buf_release(&w->out);
	buf_release(&w->log);
	intake_release(&w->in);
}
