/* SPDX-License-Identifier: ISC */
/* A message on its way through the front. */
#include "message/outgoing.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/authors.h"
#include "message/dkim.h"
#include "message/mime.h"
#include "message/wire.h"

/* What complete_header() may add. */
#define COMPLETION_MAX (2 * KIB)

void
outgoing_init(struct outgoing *o, int64_t size_max)
{
	*o = (struct outgoing){0};
	intake_init(&o->in, size_max);
	buf_init(&o->header, 4 * HEADER_BLOCK_MAX + COMPLETION_MAX);
	spool_init(&o->mended);
	mends_init(&o->log);
}

void
outgoing_release(struct outgoing *o)
{
	mends_release(&o->log);
	spool_release(&o->mended);
	buf_release(&o->header);
	intake_release(&o->in);
}

/* The body, and what the envelope must say of it. */
static int
mend_body(struct outgoing *o, struct error *err)
{
	struct span header = buf_span(&o->header);
	struct mime_result result = {0};
	const struct mime_request request = {
	    .head = header,
	    .body = &o->in.body,
	    .seven_bit = o->seven_bit,
	    .locked = dkim_is_signed(header),
	    .log = &o->log,
	    .result = &result,
	};

	/* What is not ASCII in the header by now is an address. */
	o->utf8 = wire_is_eight_bit(header);
	o->walked = mime_needs_walk(&request, &o->in.facts);
	if (o->walked) {
		if (mime_walk(&request, &o->mended, err) != 0)
			return -1;
		o->size = o->mended.size;
		o->eight_bit = o->utf8 || result.eight_bit;
	} else {
		o->size =
		    (int64_t)header.len + 2 + facts_wire_size(&o->in.facts);
		o->eight_bit = o->utf8 || o->in.facts.eight_bit > 0;
	}
	return 0;
}

int
outgoing_mend(struct outgoing *o, const struct completion *c, struct error *err)
{
	if (complete_header(
		buf_span(&o->in.head), c, &o->header, &o->log, err) != 0)
		return -1;
	if (!buf_ok(&o->header))
		return error_set(err, ERR_SIZE, "header block too large");
	if (mend_body(o, err) != 0)
		return -1;
	if (o->size > o->in.size_max)
		return error_set(err, ERR_SIZE,
		    "message larger than max-size (%lld bytes) when it is fit "
		    "to be sent",
		    (long long)o->in.size_max);
	return 0;
}

int
outgoing_rewrite(
    struct outgoing *o, const struct identity *id, struct error *err)
{
	struct authors_done done;
	struct buf head, changed;
	int rc = 0;

	buf_init(&head, 5 * HEADER_BLOCK_MAX);
	buf_init(&changed, 20 * HEADER_BLOCK_MAX);
	if (o->walked)
		rc = spool_head(&o->mended, &head, err);
	else
		buf_add_span(&head, buf_span(&o->header));
	if (rc == 0)
		rc = authors_rewrite(
		    buf_span(&head), id, &changed, &done, &o->log, err);
	if (rc == 1) {
		o->stale = o->walked ? (int64_t)head.len + 2 : 0;
		o->size += (int64_t)changed.len - (int64_t)head.len;
		buf_release(&o->header);
		o->header = changed;
		buf_init(&changed, 0);
	}
	buf_release(&changed);
	buf_release(&head);
	return rc < 0 ? -1 : 0;
}

int
outgoing_write(const struct outgoing *o, int fd, struct error *err)
{
	if (o->walked && o->stale == 0)
		return spool_copy(&o->mended, fd, err);
	if (io_write(fd, o->header.at, o->header.len) != 0 ||
	    io_write(fd, "\r\n", 2) != 0)
		return error_errno(err, ERR_IO, "writing the message");
	if (o->walked)
		return spool_copy_from(&o->mended, o->stale, fd, err);
	return spool_copy_wire(&o->in.body, fd, err);
}
