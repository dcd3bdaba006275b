/* SPDX-License-Identifier: ISC */
/* The header line by line, the body as it comes. */
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

static int
too_large(const struct intake *in, struct error *err)
{
	return error_set(err, ERR_SIZE,
	    "message larger than max-size (%lld bytes)",
	    (long long)in->size_max);
}

/* The empty line behind the header counts from the beginning. A line that may
 * yet turn out to be no part of the message does not. */
static int
check_size(const struct intake *in, struct error *err)
{
	int64_t size = (int64_t)in->head.len + 2 + facts_wire_least(&in->facts);

	if (!in->in_body && in->head.len > HEADER_BLOCK_MAX)
		return error_set(err, ERR_SIZE,
		    "header block larger than %d bytes", HEADER_BLOCK_MAX);
	return size > in->size_max ? too_large(in, err) : 0;
}

static int
put_body(struct intake *in, struct span bytes, struct error *err)
{
	facts_take(&in->facts, bytes);
	if (check_size(in, err) != 0)
		return -1;
	return spool_add(&in->body, bytes, err);
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
	struct span line = current_line(in);

	in->in_body = true;
	in->head.len = in->line_start;
	return put_body(in, line, err);
}

/* The CR that came and were kept back, then what followed them. */
static int
put_crs(struct intake *in, const char *behind, struct error *err)
{
	for (; in->crs > 0; in->crs--)
		if (put_body(in, span("\r", 1), err) != 0)
			return -1;
	return put_body(in, span_of(behind), err);
}

/* A line of the header block is complete; end is what it ended with, should
 * it be none after all. */
static int
end_header_line(struct intake *in, const char *end, struct error *err)
{
	switch (header_line_kind(current_line(in))) {
	case LINE_EMPTY:
		in->in_body = true;
		in->crs = 0;
		return 0;
	case LINE_MBOX:
		if (in->line_start == 0) {
			in->head.len = 0;
			in->crs = 0;
			return 0;
		}
		break;
	case LINE_CONTINUATION:
		if (in->line_start == 0)
			break;
		/* FALLTHROUGH */
	case LINE_FIELD:
		buf_add_text(&in->head, "\r\n");
		in->line_start = in->head.len;
		in->crs = 0;
		return check_size(in, err);
	case LINE_OTHER:
		break;
	}
	if (begin_body(in, err) != 0)
		return -1;
	return put_crs(in, end, err);
}

static int
end_line(struct intake *in, const char *end, struct error *err)
{
	in->lines++;
	in->line_len = 0;
	return end_header_line(in, end, err);
}

/* Can the line that is not complete yet be no part of a header? */
static bool
is_body_line(const struct intake *in)
{
	enum line_kind kind = header_line_kind(current_line(in));

	return kind == LINE_OTHER ||
	       (kind == LINE_MBOX && (in->line_start > 0 || in->crs > 0 ||
					 in->line_len > UNDECIDED_MAX)) ||
	       ((kind == LINE_CONTINUATION || kind == LINE_EMPTY) &&
		   in->line_start == 0);
}

/*
 * Takes some of a line of the header. One that is not known for a field yet
 * is taken no further than to where it must have shown itself, however the
 * input comes in pieces. How much was taken, or 0 when the body begins.
 */
static size_t
add_run(struct intake *in, struct span run)
{
	size_t piece = UNDECIDED_MAX + 1;
	size_t n = piece - in->line_len % piece;

	if (in->line_len == piece && is_body_line(in))
		return 0;
	if (n > run.len)
		n = run.len;
	buf_add(&in->head, run.at, n);
	in->line_len += n;
	return n;
}

/* Something that is no line end follows CR: RFC 5322 2.3 has none alone. */
static int
settle_cr(struct intake *in, struct error *err)
{
	if (is_body_line(in))
		return begin_body(in, err) != 0 ? -1 : put_crs(in, "", err);
	for (; in->crs > 0; in->crs--) {
		buf_add_byte(&in->head, ' ');
		in->line_len++;
	}
	return 0;
}

/* A run is looked for so far, or a block of CR would be read once for each. */
#define RUN_MAX 1024

static size_t
run_length(const char *at, size_t len)
{
	const char *lf, *cr, *nul;

	if (len > RUN_MAX)
		len = RUN_MAX;
	lf = memchr(at, '\n', len);
	if (lf != NULL)
		len = (size_t)(lf - at);
	if ((cr = memchr(at, '\r', len)) != NULL)
		len = (size_t)(cr - at);
	if ((nul = memchr(at, '\0', len)) != NULL)
		len = (size_t)(nul - at);
	return len;
}

/* Takes some of the header; *bytes is what is left of it. */
static int
take_header(struct intake *in, struct span *bytes, struct error *err)
{
	size_t n = run_length(bytes->at, bytes->len);

	if (n > 0 && in->crs > 0)
		return settle_cr(in, err);
	if (n > 0) {
		n = add_run(in, span(bytes->at, n));
		*bytes = span_from(*bytes, n);
		if (n == 0)
			return begin_body(in, err);
		return in->line_len > UNDECIDED_MAX + 1 ? check_size(in, err)
							: 0;
	}
	if (bytes->at[0] == '\0')
		return error_set(err, ERR_DATA,
		    "line %llu, in the header, has a NUL byte",
		    (unsigned long long)in->lines + 1);
	n = bytes->at[0] == '\r';
	*bytes = span_from(*bytes, 1);
	if (n == 0)
		return end_line(in, "\n", err);
	in->crs++;
	return 0;
}

int
intake_take(struct intake *in, struct span bytes, struct error *err)
{
	while (bytes.len > 0 && !in->in_body)
		if (take_header(in, &bytes, err) != 0)
			return -1;
	return bytes.len > 0 ? put_body(in, bytes, err) : 0;
}

int
intake_end(struct intake *in, struct error *err)
{
	if (!in->in_body && (in->crs > 0 || in->line_len > 0) &&
	    end_line(in, "", err) != 0)
		return -1;
	if ((int64_t)in->head.len + 2 + facts_wire_size(&in->facts) >
	    in->size_max)
		return too_large(in, err);
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
