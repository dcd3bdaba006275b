/* SPDX-License-Identifier: ISC */
/* What the client says. */
#include "smtpd/input.h"

#include "base/io.h"
#include "base/text.h"

#include <errno.h>
#include <poll.h>

void
input_init(struct input *in, int fd, int patience_ms)
{
	in->fd = fd;
	in->patience_ms = patience_ms;
	in->line_end = LINE_END_UNKNOWN;
	in->end = INPUT_GOES_ON;
	in->error = 0;
	in->at = in->len = 0;
}

/* As poll(2), for what is to be read. */
static int
wait_for(const struct input *in, int ms)
{
	struct pollfd p = {.fd = in->fd, .events = POLLIN};
	int n;

	do
		n = poll(&p, 1, ms);
	while (n < 0 && errno == EINTR);
	return n;
}

bool
input_is_idle(const struct input *in)
{
	return in->at == in->len && wait_for(in, 0) == 0;
}

bool
input_fill(struct input *in)
{
	ssize_t n;

	if (in->at < in->len)
		return true;
	do {
		int ready = wait_for(in, in->patience_ms);

		if (ready == 0)
			in->end = INPUT_LATE;
		if (ready == 0)
			return false;
		n = ready < 0 ? -1
			      : io_read(in->fd, in->block, sizeof in->block);
	} while (n < 0 && errno == EAGAIN);
	in->error = errno;
	if (n <= 0)
		in->end =
		    n == 0 || errno == ECONNRESET ? INPUT_ENDED : INPUT_FAILED;
	in->at = 0;
	in->len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* Is this LF the end of a line? The first one says what will be one. */
static bool
ends_line(struct input *in, char before)
{
	if (in->line_end == LINE_END_UNKNOWN)
		in->line_end = before == '\r' ? LINE_END_CRLF : LINE_END_LF;
	return in->line_end == LINE_END_LF || before == '\r';
}

static enum line_kind_seen
judge(struct span line, bool too_long)
{
	if (too_long)
		return LINE_LONG;
	for (size_t i = 0; i < line.len; i++)
		if (text_is_control(line.at[i]))
			return LINE_BROKEN;
	return LINE_GOOD;
}

bool
input_line(struct input *in, void (*before)(void *context), void *context,
    struct span *line, enum line_kind_seen *kind)
{
	bool too_long = false;
	char c = '\0', last;
	size_t n = 0;

	do {
		if (input_is_idle(in))
			before(context);
		if (!input_fill(in))
			return false;
		last = c;
		c = in->block[in->at++];
		if (n < sizeof in->line)
			in->line[n++] = c;
		else
			too_long = true;
	} while (c != '\n' || !ends_line(in, last));
	n -= in->line_end == LINE_END_CRLF ? 2 : 1;
	*line = span(in->line, n);
	*kind = judge(*line, too_long);
	return true;
}
