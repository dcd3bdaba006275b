/* SPDX-License-Identifier: ISC */
/* Bytes that grow, with a ceiling. The only place that computes sizes. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define FIRST_SIZE 256

static void
out_of_memory(void)
{
	static const char text[] = "pillarbox: out of memory; try again\n";

	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(EX_TEMPFAIL);
	_exit(EX_TEMPFAIL);
}

void *
must_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
must_realloc(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n ? n : 1, size);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
must_grow(void *old, size_t n, size_t size)
{
	/* There is room up to the next power of two. */
	return (n & (n - 1)) == 0 ? must_realloc(old, 2 * n, size) : old;
}

char *
must_spandup(struct span s)
{
	char *p = must_realloc(NULL, s.len + 1, 1);

	memcpy(p, s.at, s.len);
	p[s.len] = '\0';
	return p;
}

char *
must_strdup(const char *text)
{
	return must_spandup(span_of(text));
}

void
buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf){.ceiling = ceiling};
}

void
buf_release(struct buf *b)
{
	free(b->at);
	buf_init(b, b->ceiling);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->overflowed = false;
}

void
buf_wipe(struct buf *b)
{
	if (b->at != NULL)
		explicit_bzero(b->at, b->allocated);
	buf_clear(b);
}

/* One byte more than asked is always allocated, for buf_text()'s NUL. */
char *
buf_room(struct buf *b, size_t len)
{
	size_t need, size;

	if (b->overflowed || len > b->ceiling - b->len) {
		b->overflowed = true;
		return NULL;
	}
	need = b->len + len + 1;
	if (need > b->allocated) {
		size = b->allocated ? b->allocated : FIRST_SIZE;
		while (size < need)
			size += size / 2;
		b->at = must_realloc(b->at, size, 1);
		b->allocated = size;
	}
	return b->at + b->len;
}

void
buf_grown(struct buf *b, size_t len)
{
	b->len += len;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *to = buf_room(b, len);

	if (to == NULL || len == 0)
		return;
	memcpy(to, bytes, len);
	buf_grown(b, len);
}

void
buf_add_span(struct buf *b, struct span s)
{
	buf_add(b, s.at, s.len);
}

void
buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_add_byte(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->overflowed = true;
		return;
	}
	to = buf_room(b, (size_t)n);
	if (to == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf_grown(b, (size_t)n);
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	memmove(b->at, b->at + n, b->len - n);
	b->len -= n;
}

const char *
buf_text(struct buf *b)
{
	if (b->at == NULL)
		return "";
	b->at[b->len] = '\0';
	return b->at;
}
