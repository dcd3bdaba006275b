/* SPDX-License-Identifier: ISC */
/* What the client is told. */
#include "smtpd/reply.h"

#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* RFC 5321 4.5.3.1.5, with its CRLF. */
#define REPLY_LINE_MAX 512

/* Replies are gathered up to here, whatever the client still has to say. */
#define GATHERED_MAX (4 * KIB)

static size_t
format(char *to, size_t size, const char *fmt, va_list list)
{
	int n = vsnprintf(to, size - 1, fmt, list);
	size_t len = n < 0 ? 0 : (size_t)n;

	if (len > size - 2)
		len = size - 2;
	for (size_t i = 0; i < len; i++)
		if (to[i] < ' ' || to[i] > '~')
			to[i] = '?';
	to[len++] = '\r';
	to[len++] = '\n';
	return len;
}

size_t
reply_write(char *to, size_t size, const char *fmt, ...)
{
	va_list list;
	size_t len;

	va_start(list, fmt);
	len = format(to, size, fmt, list);
	va_end(list);
	return len;
}

/* Of a message, or somebody who was to get it. What is out of order only
 * follows from that, or is a mistake of the client. */
static void
note_refusal(struct dialogue *g, struct span why)
{
	if (g->asked.len == 0 || span_starts(why, "503"))
		return;
	text_copy_printable(g->refusal, sizeof g->refusal, why);
	if (g->refusals > LOGGED_REFUSALS_MAX)
		return;
	if (g->refusals++ == LOGGED_REFUSALS_MAX)
		why = span_of("and more, which are not logged");
	g->d->refused(g->d->context, g->asked, why);
}

void
reply(struct dialogue *g, const char *fmt, ...)
{
	char line[REPLY_LINE_MAX];
	va_list list;
	size_t len;

	va_start(list, fmt);
	len = format(line, sizeof line, fmt, list);
	va_end(list);
	if (line[0] == '2' || line[0] == '3')
		g->slips = 0;
	if (strncmp(line, "500", 3) == 0 || strncmp(line, "501", 3) == 0 ||
	    strncmp(line, "502", 3) == 0)
		g->slips++;
	if (line[0] == '4' || line[0] == '5')
		note_refusal(g, span(line, len - 2));
	buf_add(&g->out, line, len);
	if (g->out.len > GATHERED_MAX)
		reply_flush(g);
}

void
reply_error(struct dialogue *g, const struct error *err)
{
	static const char *const codes[] = {
	    [ERR_NONE] = "451 4.3.0",
	    [ERR_USAGE] = "554 5.5.4",
	    [ERR_DATA] = "554 5.6.0",
	    [ERR_SIZE] = "552 5.3.4",
	    [ERR_LOOP] = "554 5.4.6",
	    [ERR_RECIPIENT] = "550 5.1.3",
	    [ERR_REFUSED] = "554 5.0.0",
	    [ERR_INTERNAL] = "451 4.3.0",
	    [ERR_IO] = "451 4.3.0",
	    [ERR_TEMPORARY] = "451 4.3.0",
	    [ERR_PERMISSION] = "451 4.7.0",
	    [ERR_CONFIG] = "451 4.3.5",
	};

	reply(g, "%s %s", codes[err->kind], err->text);
}

/* The count; 0 for a descriptor that somebody made non-blocking, and that
 * takes something again by now; or -1 with errno. */
static ssize_t
write_some(const struct smtpd *d, const struct buf *out)
{
	struct pollfd p = {.fd = d->out, .events = POLLOUT};
	ssize_t n = -1;

	switch (poll(&p, 1, d->patience_ms)) {
	case 0:
		errno = ETIMEDOUT;
		return -1;
	case 1:
		n = write(d->out, out->at, out->len);
		break;
	default:
		break;
	}
	return n < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : n;
}

void
reply_flush(struct dialogue *g)
{
	while (!g->deaf && g->out.len > 0) {
		ssize_t n = write_some(g->d, &g->out);

		if (n < 0)
			g->deaf = g->over = true;
		else
			buf_drop(&g->out, (size_t)n);
	}
	buf_clear(&g->out);
}
