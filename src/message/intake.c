/* SPDX-License-Identifier: ISC */
/* Any line ends in, strict CRLF out. */
#include "message/intake.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/header.h"

/* A line longer than this that has not shown itself a field is body. */
#define UNDECIDED_MAX TEXT_LINE_MAX

void
intake_init(struct intake *in, int64_t size_max)
{
	*in = (struct intake){.size_max = size_max};
	buf_init(&in->head, HEADER_BLOCK_MAX);
	spool_init(&in->body);
}

void
intake_release(struct intake *in)
{
	buf_release(&in->head);
	spool_release(&in->body);
}

/* All bytes go through here: the one place that counts and bounds. */
static int
put(struct intake *in, const char *at, size_t len, struct error *err)
{
	in->taken += (int64_t)len;
	if (in->taken > in->size_max)
		return error_set(err, ERR_DATA,
		    "message larger than max-size (%lld bytes)",
		    (long long)in->size_max);
	if (in->in_body)
		return spool_add(&in->body, span(at, len), err);
	buf_add(&in->head, at, len);
	if (!buf_ok(&in->head))
		return error_set(err, ERR_DATA,
		    "header block larger than %d bytes", HEADER_BLOCK_MAX);
	return 0;
}

static struct span
current_line(const struct intake *in)
{
	return span_from(buf_span(&in->head), in->line_start);
}

/* The current line turned out to be the first of the body. */
static int
begin_body(struct intake *in, struct error *err)
{
	int rc;

	in->in_body = true;
	rc = spool_add(&in->body, current_line(in), err);
	in->head.len = in->line_start;
	return rc;
}

/* A line of the header block is complete, its CRLF not yet written. */
static int
end_header_line(struct intake *in, struct error *err)
{
	switch (header_line_kind(current_line(in))) {
	case LINE_EMPTY:
		in->in_body = true;
		return 0;
	case LINE_MBOX:
		if (in->line_start == 0) {
			in->head.len = 0;
			return 0;
		}
		break;
	case LINE_CONTINUATION:
		if (in->line_start == 0)
			break;
		/* FALLTHROUGH */
	case LINE_FIELD:
		if (put(in, "\r\n", 2, err) != 0)
			return -1;
		in->line_start = in->head.len;
		return 0;
	case LINE_OTHER:
		break;
	}
	if (begin_body(in, err) != 0)
		return -1;
	return put(in, "\r\n", 2, err);
}

static int
end_line(struct intake *in, struct error *err)
{
	in->lines++;
	in->line_len = 0;
	in->cr_pending = false;
	if (in->in_body)
		return put(in, "\r\n", 2, err);
	return end_header_line(in, err);
}

static int
add_run(struct intake *in, const char *at, size_t len, struct error *err)
{
	for (size_t i = 0; !in->eight_bit && i < len; i++)
		in->eight_bit = (unsigned char)at[i] >= 0x80;
	in->line_len += len;
	if (put(in, at, len, err) != 0)
		return -1;
	if (!in->in_body && in->line_len > UNDECIDED_MAX) {
		enum line_kind kind = header_line_kind(current_line(in));

		if (kind == LINE_OTHER || kind == LINE_MBOX ||
		    (kind == LINE_CONTINUATION && in->line_start == 0))
			return begin_body(in, err);
	}
	return 0;
}

/* Something that is no line end follows a CR: RFC 5322 2.3 has none alone. */
static int
settle_cr(struct intake *in, struct error *err)
{
	if (in->in_body)
		return end_line(in, err);
	in->cr_pending = false;
	return add_run(in, " ", 1, err);
}

static size_t
run_length(const char *at, size_t len)
{
	const char *lf = memchr(at, '\n', len);
	const char *cr;
	const char *nul;

	if (lf != NULL)
		len = (size_t)(lf - at);
	if ((cr = memchr(at, '\r', len)) != NULL)
		len = (size_t)(cr - at);
	if ((nul = memchr(at, '\0', len)) != NULL)
		len = (size_t)(nul - at);
	return len;
}

int
intake_take(struct intake *in, struct span bytes, struct error *err)
{
	while (bytes.len > 0) {
		size_t n = run_length(bytes.at, bytes.len);

		if (n > 0) {
			if (in->cr_pending && settle_cr(in, err) != 0)
				return -1;
			if (add_run(in, bytes.at, n, err) != 0)
				return -1;
			bytes = span_from(bytes, n);
			continue;
		}
		if (bytes.at[0] == '\0')
			return error_set(err, ERR_DATA,
			    "line %llu has a NUL byte; encode the part that "
			    "has it (base64)",
			    (unsigned long long)in->lines + 1);
		if (bytes.at[0] == '\r')
			in->cr_pending = true;
		else if (end_line(in, err) != 0)
			return -1;
		bytes = span_from(bytes, 1);
	}
	return 0;
}

int
intake_end(struct intake *in, struct error *err)
{
	if (in->cr_pending || in->line_len > 0)
		return end_line(in, err);
	return 0;
}

int
intake_read(struct intake *in, int fd, struct error *err)
{
	char block[IO_BLOCK];
	ssize_t n;

	while ((n = io_read(fd, block, sizeof block)) > 0)
		if (intake_take(in, span(block, (size_t)n), err) != 0)
			return -1;
	if (n < 0)
		return error_errno(err, ERR_IO, "cannot read the message");
	return intake_end(in, err);
}
