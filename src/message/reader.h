/* SPDX-License-Identifier: ISC */
/* A spooled body, line by line; of a long line, piece by piece. */
#ifndef MESSAGE_READER_H
#define MESSAGE_READER_H

#include "base/error.h"
#include "base/limits.h"
#include "base/span.h"
#include "message/spool.h"

#include <stdbool.h>
#include <stdint.h>

/* Lines up to this length always come in one piece. */
#define READER_LINE_MAX (4 * KIB)

struct reader {
	const struct spool *spool;
	int64_t next; /* offset of what is not in the block yet */
	size_t at;    /* in the block: what has not been taken */
	size_t len;
	bool begins; /* a line begins at at */
	char block[IO_BLOCK];
};

struct piece {
	struct span text; /* without the line end; valid until the next */
	struct span end; /* CRLF, LF, or empty: the line goes on, or all ends */
	bool begins;     /* a line begins here */
	int64_t offset;  /* of text, in the spool */
};

void reader_init(struct reader *r, const struct spool *spool, int64_t offset);

/* 1: a piece; 0: the end; -1: ERR_IO. */
int reader_next(struct reader *r, struct piece *p, struct error *err);

#endif
