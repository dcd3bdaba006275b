/* SPDX-License-Identifier: ISC */
/*
 * A body on its way through the front: in memory while it is small, else in
 * a temporary file without a name, so that nothing is left behind.
 */
#ifndef MESSAGE_SPOOL_H
#define MESSAGE_SPOOL_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>
#include <sys/types.h>

struct spool {
	struct buf memory; /* all of it, or what is not yet in the file */
	int fd;            /* -1 while all of it is in memory */
	int64_t base;      /* where it begins in the file */
	int64_t size;
};

void spool_init(struct spool *s);
void spool_release(struct spool *s);

/* A view of size bytes at base of an open file, for reading; fd stays the
 * caller's, and spool_release() is not for it. */
void spool_view(struct spool *s, int fd, int64_t base, int64_t size);

/* The file of s, all of s in it, at its beginning. -1 with ERR_TEMPORARY. */
int spool_file(struct spool *s, struct error *err);

/* Appends. ERR_TEMPORARY when the temporary file cannot take it. */
int spool_add(struct spool *s, struct span bytes, struct error *err);

/* Writes all of it to fd. ERR_IO on failure of either side. */
int spool_copy(const struct spool *s, int fd, struct error *err);

/* The same, every line end written as CRLF, the last line ended. */
int spool_copy_wire(const struct spool *s, int fd, struct error *err);

/* As spool_copy(), what stands from there on. */
int spool_copy_from(
    const struct spool *s, int64_t from, int fd, struct error *err);

/* Appends the header block of a message, up to the empty line, which is
 * dropped. ERR_DATA: it is too large for head. */
int spool_head(const struct spool *s, struct buf *head, struct error *err);

/*
 * Reads up to len bytes at offset; the count, 0 at the end, or -1 with
 * ERR_IO.
 */
ssize_t spool_read(const struct spool *s, int64_t offset, char *to, size_t len,
    struct error *err);

#endif
