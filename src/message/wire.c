/* SPDX-License-Identifier: ISC */
/* The form in which a message may go on the wire. */
#include "message/wire.h"

void
wire_check_init(struct wire_check *w)
{
	*w = (struct wire_check){0};
}

void
wire_check_take(struct wire_check *w, struct span bytes)
{
	while (bytes.len > 0 && !w->broken) {
		const char *cr;
		size_t n;

		if (w->last == '\r') {
			w->broken = bytes.at[0] != '\n';
			w->last = '\n';
			bytes = span_from(bytes, 1);
			continue;
		}
		cr = memchr(bytes.at, '\r', bytes.len);
		n = cr ? (size_t)(cr - bytes.at) : bytes.len;
		if (memchr(bytes.at, '\n', n) != NULL ||
		    memchr(bytes.at, '\0', n) != NULL) {
			w->broken = true;
			return;
		}
		if (cr != NULL)
			n++;
		w->last = bytes.at[n - 1];
		bytes = span_from(bytes, n);
	}
}

bool
wire_check_end(const struct wire_check *w)
{
	return !w->broken && w->last == '\n';
}

void
wire_stuff(struct span bytes, bool *at_line_start, struct buf *to)
{
	while (bytes.len > 0) {
		const char *lf;
		size_t n;

		if (*at_line_start && bytes.at[0] == '.')
			buf_add_byte(to, '.');
		lf = memchr(bytes.at, '\n', bytes.len);
		n = lf ? (size_t)(lf - bytes.at) + 1 : bytes.len;
		buf_add(to, bytes.at, n);
		*at_line_start = lf != NULL;
		bytes = span_from(bytes, n);
	}
}

void
wire_convert(struct span bytes, char *last, struct buf *to)
{
	while (bytes.len > 0) {
		const char *lf = memchr(bytes.at, '\n', bytes.len);
		size_t n = lf ? (size_t)(lf - bytes.at) : bytes.len;

		buf_add(to, bytes.at, n);
		if (n > 0)
			*last = bytes.at[n - 1];
		if (lf == NULL)
			return;
		buf_add_text(to, *last == '\r' ? "\n" : "\r\n");
		*last = '\n';
		bytes = span_from(bytes, n + 1);
	}
}

void
wire_close(char last, struct buf *to)
{
	if (last != '\n' && last != '\0')
		buf_add_text(to, "\r\n");
}

bool
wire_is_eight_bit(struct span bytes)
{
	unsigned char all = 0;

	for (size_t i = 0; i < bytes.len; i++)
		all |= (unsigned char)bytes.at[i];
	return all >= 0x80;
}
