/* SPDX-License-Identifier: ISC */
/*
 * Bytes that grow, with a ceiling given at init. Failure is sticky: once an
 * append would pass the ceiling, further appends do nothing and buf_ok() says
 * false, so a composition is many appends and one check, and nothing is ever
 * used truncated. Out of memory ends the process with EX_TEMPFAIL: the queue
 * is crash proof, so leaving is always safe.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *at;
	size_t len;
	size_t allocated;
	size_t ceiling;
	bool overflowed;
};

/* An empty buffer that will hold at most ceiling bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t ceiling);

/* Frees what b owns; b is empty and may be used again. */
void buf_release(struct buf *b);

/* Forgets contents and overflow, keeps the memory. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_span(struct buf *b, struct span s);
void buf_add_text(struct buf *b, const char *text);
void buf_add_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Room for len more bytes, to be filled by the caller and then counted by
 * buf_grown(). NULL when the ceiling forbids it (sticky as above).
 */
char *buf_room(struct buf *b, size_t len);
void buf_grown(struct buf *b, size_t len);

/* Drops the first n bytes (n at most b->len). */
void buf_drop(struct buf *b, size_t n);

/* Overwrites all memory of b with zeros, then empties it: for secrets. */
void buf_wipe(struct buf *b);

static inline bool
buf_ok(const struct buf *b)
{
	return !b->overflowed;
}

/* The contents, borrowed until the next change. */
static inline struct span
buf_span(const struct buf *b)
{
	return span(b->at ? b->at : "", b->len);
}

/* The contents as a C string, borrowed until the next change. */
const char *buf_text(struct buf *b);

/* Memory or the end of the process with EX_TEMPFAIL; never NULL. */
void *must_calloc(size_t n, size_t size);
void *must_realloc(void *old, size_t n, size_t size);

/* An array of n elements with room for one more; for those that all grow by
 * this, from NULL and 0. */
void *must_grow(void *old, size_t n, size_t size);
char *must_strdup(const char *text);
char *must_spandup(struct span s);

#endif
