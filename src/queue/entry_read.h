/* SPDX-License-Identifier: ISC */
/* Reads parts of an entry from its open file. Private to queue/. */
#ifndef QUEUE_ENTRY_READ_H
#define QUEUE_ENTRY_READ_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* A plain file with one name, as every entry is? */
bool entry_is_plain_file(const struct stat *st);

/*
 * Reads the head of the file, which is size octets long, into the empty head.
 * What came with it is not counted to head, but stays in its memory: the first
 * *got octets of the file are there. ERR_DATA, ERR_IO.
 */
int entry_read_head(
    int fd, off_t size, struct buf *head, size_t *got, struct error *err);

/*
 * Appends what the file has from at to end. head and got are those of
 * entry_read_head(): what came with it is not read again. ERR_DATA when end is
 * before at or the file is cut off meanwhile; ERR_IO.
 */
int entry_read_records(int fd, const struct buf *head, size_t got, off_t at,
    off_t end, struct buf *records, struct error *err);

#endif
