/* SPDX-License-Identifier: ISC */
/* Reading and writing whole, with EINTR and short counts taken care of. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/buf.h"
#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

/* One read; EINTR is tried again. As read(2). */
ssize_t io_read(int fd, void *to, size_t len);

/* Writes all of it. 0, or -1 with errno set. */
int io_write(int fd, const void *from, size_t len);

/* Reads at offset until len bytes or the end; the count, or -1 with errno. */
ssize_t io_pread(int fd, void *to, size_t len, off_t offset);

/* Writes all of it at offset. 0, or -1 with errno set. */
int io_pwrite(int fd, const void *from, size_t len, off_t offset);

/*
 * Appends what fd has, up to its end, to b. what names the source in errors.
 * Over b's ceiling: ERR_DATA.
 */
int io_read_all(int fd, struct buf *b, const char *what, struct error *err);

/* Closes fd if it is not -1 and sets it to -1; errno is kept. */
void io_close(int *fd);

#endif
