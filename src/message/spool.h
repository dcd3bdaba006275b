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

struct spool {
	struct buf memory; /* all of it, or what is not yet in the file */
	int fd;            /* -1 while all of it is in memory */
	int64_t size;
};

void spool_init(struct spool *s);
void spool_release(struct spool *s);

/* Appends. ERR_TEMPORARY when the temporary file cannot take it. */
int spool_add(struct spool *s, struct span bytes, struct error *err);

/* Writes all of it to fd. ERR_IO on failure of either side. */
int spool_copy(const struct spool *s, int fd, struct error *err);

#endif
