/* SPDX-License-Identifier: ISC */
/*
 * Reading a message from its caller: the header block in wire form, whatever
 * its line ends were, the body as it came, with what is to be known of it.
 * Bounded; nothing else happens before the end of the input.
 */
#ifndef MESSAGE_INTAKE_H
#define MESSAGE_INTAKE_H

#include "base/buf.h"
#include "base/error.h"
#include "message/facts.h"
#include "message/spool.h"

#include <stdbool.h>
#include <stdint.h>

struct intake {
	struct buf head;    /* wire form, without the empty line behind it */
	struct spool body;  /* as it came */
	struct facts facts; /* of the body */
	uint64_t lines;     /* of the header */

	/* Private to intake.c: where in the input we are. */
	int64_t size_max;
	size_t line_start; /* of the current line, in head */
	size_t line_len;
	bool in_body;
	size_t crs; /* CR since the last byte that is none */
};

/* size_max: ceiling of the message in octets, as it will be sent. */
void intake_init(struct intake *in, int64_t size_max);
void intake_release(struct intake *in);

/*
 * Reads fd to its end.
 *
 * In the header LF is a line end, with all CR before it; a CR alone is a
 * blank, since it would make one field into two. A missing last line end is
 * added. An mbox "From " line before the first field is dropped. The header
 * block ends at an empty line, or before the first line that can be no part
 * of it; that line then is the first of the body.
 *
 * ERR_DATA: a NUL in the header (with its line). ERR_SIZE: larger than
 * size_max in wire form, header block larger than HEADER_BLOCK_MAX. ERR_IO,
 * ERR_TEMPORARY: reading or spooling failed.
 */
int intake_read(struct intake *in, int fd, struct error *err);

/* The same for bytes at hand; intake_end() once after the last. */
int intake_take(struct intake *in, struct span bytes, struct error *err);
int intake_end(struct intake *in, struct error *err);

#endif
