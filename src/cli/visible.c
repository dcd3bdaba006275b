/* SPDX-License-Identifier: ISC */
/* What strangers have written, on a terminal. */
#include "cli/visible.h"

#include "message/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

static bool
is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f);
}

/* The first character of what is held, of which all is there. */
static void
show_first(struct visible *v)
{
	const unsigned char *held = (const unsigned char *)v->held;
	size_t n = utf8_length(span(v->held, v->len));

	if (v->len > 1 && memcmp(held, "\r\n", 2) == 0)
		n = 2;
	if (n == 1 ? is_control(held[0]) : held[0] == 0xc2 && held[1] <= 0x9f)
		putc('?', v->to);
	else
		fwrite(held, 1, n, v->to);
	v->len -= n;
	memmove(v->held, v->held + n, v->len);
}

static ssize_t
write_visible(void *cookie, const char *from, size_t len)
{
	struct visible *v = cookie;

	for (size_t i = 0; i < len; i++) {
		v->held[v->len++] = from[i];
		if (v->len == sizeof v->held)
			show_first(v);
	}
	return ferror(v->to) ? 0 : (ssize_t)len;
}

static int
close_visible(void *cookie)
{
	struct visible *v = cookie;

	while (v->len > 0)
		show_first(v);
	return 0;
}

FILE *
visible_open(struct visible *v, FILE *to)
{
	const cookie_io_functions_t way = {
	    .write = write_visible, .close = close_visible};

	*v = (struct visible){.to = to};
	return fopencookie(v, "w", way);
}
