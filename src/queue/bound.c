/* SPDX-License-Identifier: ISC */
/* Where logins have been bound to TLS, on disk. */
#include "queue/bound.h"

#include "base/io.h"
#include "base/limits.h"
#include "queue/lock.h"
#include "queue/slot.h"

#include <unistd.h>

#define HEAD "pillarbox-bound 1\n"
#define FILE_MAX (8 * KIB)

/* The whole lines behind the head; none if that is another one. */
static struct span
lines_of(const char *text, ssize_t n)
{
	struct span all = span(text, n > 0 ? (size_t)n : 0);

	while (all.len > 0 && all.at[all.len - 1] != '\n')
		all.len--;
	return span_starts(all, HEAD) ? span_from(all, strlen(HEAD))
				      : span("", 0);
}

void
bound_read(struct store *s, const char *relay, struct buf *to)
{
	char text[FILE_MAX];
	int fd = slot_find_file(s, relay, "bound");

	if (fd < 0)
		return;
	buf_add_span(to, lines_of(text, io_pread(fd, text, sizeof text, 0)));
	io_close(&fd);
}

/* Whoever adds something at the same time does it for both, or the next time. A
 * line that was torn is ended first. */
void
bound_add(struct store *s, const char *relay, const char *place)
{
	char text[FILE_MAX];
	int fd = slot_open_file(s, relay, "bound");
	ssize_t n = -1;
	struct buf line;

	if (fd < 0 || !lock_try(fd)) {
		io_close(&fd);
		return;
	}
	n = io_pread(fd, text, sizeof text, 0);
	buf_init(&line, 1 * KIB);
	if (n <= 0 || n + 1 * KIB > FILE_MAX ||
	    !span_starts(span(text, (size_t)n), HEAD)) {
		n = ftruncate(fd, 0) == 0 ? 0 : -1;
		buf_add_text(&line, HEAD);
	} else if (text[n - 1] != '\n') {
		buf_add_byte(&line, '\n');
	}
	buf_printf(&line, "%s\n", place);
	if (n >= 0 && buf_ok(&line) && lseek(fd, 0, SEEK_END) >= 0)
		(void)!io_write(fd, line.at, line.len);
	buf_release(&line);
	io_close(&fd);
}
