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
	/* And the line that shows that the block is at its end. */
	buf_init(&in->head, HEADER_BLOCK_MAX + 2 * UNDECIDED_MAX);
	spool_init(&in->body);
}

void
intake_release(struct intake *in)
{
	buf_release(&in->head);
	spool_release(&in->body);
}

/* The empty line behind the header counts from the beginning. A line that may
 * yet turn out to be no part of the message does not. */
static int
check_size(const struct intake *in, struct error *err)
{
	int64_t size = (int64_t)in->head.len + 2 + in->body.size;

	if (!in->in_body && in->head.len > HEADER_BLOCK_MAX)
		return error_set(err, ERR_DATA,
		    "header block larger than %d bytes", HEADER_BLOCK_MAX);
	if (size > in->size_max)
		return error_set(err, ERR_DATA,
		    "message larger than max-size (%lld bytes)",
		    (long long)in->size_max);
	return 0;
}

/* All bytes go through here. */
static int
put(struct intake *in, const char *at, size_t len, struct error *err)
{
	if (in->in_body) {
		if (spool_add(&in->body, span(at, len), err) != 0)
			return -1;
		return check_size(in, err);
	}
	buf_add(&in->head, at, len);
	return in->line_len > UNDECIDED_MAX + 1 ? check_size(in, err) : 0;
}

static bool
is_eight_bit(struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if ((unsigned char)bytes.at[i] >= 0x80)
			return true;
	return false;
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
	in->eight_bit = in->eight_bit || is_eight_bit(current_line(in));
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
		return check_size(in, err);
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
	in->crs = 0;
	if (in->in_body)
		return put(in, "\r\n", 2, err);
	return end_header_line(in, err);
}

/* Can the line that is not complete yet be no part of a header? */
static bool
is_body_line(const struct intake *in)
{
	enum line_kind kind = header_line_kind(current_line(in));

	return kind == LINE_OTHER ||
	       (kind == LINE_MBOX && in->line_len > UNDECIDED_MAX) ||
	       (kind == LINE_CONTINUATION && in->line_start == 0);
}

/* A line that is not known for a field yet is taken no further than to where
 * it must have shown itself, however the input comes in pieces. */
static int
add_run(struct intake *in, const char *at, size_t len, struct error *err)
{
	while (len > 0) {
		size_t piece = UNDECIDED_MAX + 1;
		size_t n = piece - in->line_len % piece;

		if (in->in_body || n > len)
			n = len;
		in->line_len += n;
		if (in->in_body)
			in->eight_bit =
			    in->eight_bit || is_eight_bit(span(at, n));
		if (put(in, at, n, err) != 0)
			return -1;
		if (!in->in_body && in->line_len == UNDECIDED_MAX + 1 &&
		    is_body_line(in) && begin_body(in, err) != 0)
			return -1;
		at += n;
		len -= n;
	}
	return 0;
}

/* Something that is no line end follows CR: RFC 5322 2.3 has none alone. */
static int
settle_cr(struct intake *in, struct error *err)
{
	size_t n = in->crs;

	in->crs = 0;
	if (!in->in_body && is_body_line(in) && begin_body(in, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((in->in_body ? end_line(in, err)
				 : add_run(in, " ", 1, err)) != 0)
			return -1;
	return 0;
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
			if (in->crs > 0 && settle_cr(in, err) != 0)
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
			in->crs++;
		else if (end_line(in, err) != 0)
			return -1;
		bytes = span_from(bytes, 1);
	}
	return 0;
}

int
intake_end(struct intake *in, struct error *err)
{
	if ((in->crs > 0 || in->line_len > 0) && end_line(in, err) != 0)
		return -1;
	in->eight_bit = in->eight_bit || is_eight_bit(buf_span(&in->head));
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
