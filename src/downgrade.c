/* SPDX-License-Identifier: ISC */
/* 8-bit content for a relay that takes none: the message layer at delivery. */
#include "downgrade.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/dkim.h"
#include "message/mends.h"
#include "message/mime.h"

#include <stdio.h>
#include <unistd.h>

bool
downgrade_is_needed(const struct session *s, const struct transaction *t)
{
	/* SMTPUTF8 has 8BITMIME with it (RFC 6531 3.1). */
	return t->envelope->eight_bit && !t->envelope->utf8 &&
	       !s->caps.eight_bit_mime;
}

/* All of the message, since it is read more than once and may be a pipe. */
static int
copy(const struct transaction *t, struct spool *to, struct error *err)
{
	char block[IO_BLOCK];
	int64_t left = t->size - (int64_t)t->prefix.len;

	if (spool_add(to, t->prefix, err) != 0)
		return -1;
	while (left > 0) {
		size_t want = left < IO_BLOCK ? (size_t)left : IO_BLOCK;
		ssize_t n = io_read(t->fd, block, want);

		if (n <= 0)
			return error_set(err, ERR_IO,
			    "the message cannot be read to its end");
		if (spool_add(to, span(block, (size_t)n), err) != 0)
			return -1;
		left -= n;
	}
	return 0;
}

static int
walk(const struct spool *message, struct spool *out, struct error *err)
{
	struct mime_result result = {0};
	struct spool body;
	struct mends log;
	struct buf head;
	int64_t skip;
	int rc;

	buf_init(&head, 5 * HEADER_BLOCK_MAX);
	mends_init(&log);
	rc = spool_head(message, &head, err);
	skip = (int64_t)head.len + 2;
	if (rc == 0 && message->size > skip) {
		const struct mime_request request = {
		    .head = buf_span(&head),
		    .body = &body,
		    .seven_bit = true,
		    .locked = dkim_is_signed(buf_span(&head)),
		    .log = &log,
		    .result = &result,
		};

		spool_view(&body, message->fd, skip, message->size - skip);
		rc = mime_walk(&request, out, err);
	} else if (rc == 0) {
		rc = error_set(err, ERR_DATA, "no body");
	}
	mends_release(&log);
	buf_release(&head);
	return rc;
}

int
downgrade(struct transaction *t, struct spool *spool, struct error *err)
{
	char text[REPLY_TEXT_MAX];
	struct spool message;
	int rc;

	spool_init(&message);
	rc = copy(t, &message, err);
	if (rc == 0 && spool_file(&message, err) < 0)
		rc = -1;
	if (rc == 0)
		rc = walk(&message, spool, err);
	spool_release(&message);
	if (rc == 0 && (t->fd = spool_file(spool, err)) < 0)
		rc = -1;
	if (rc == 0)
		t->size = spool->size;
	if (rc == 0)
		t->prefix = span("", 0);
	if (rc != 0 && err->kind == ERR_DATA) {
		snprintf(text, sizeof text,
		    "554 5.6.3 the relay takes no 8-bit content: %.800s",
		    err->text);
		transaction_settle(t, OUTCOME_REFUSED, text);
	}
	return rc;
}
