/* SPDX-License-Identifier: ISC */
/*
 * A message on its way through the front: read to its end (intake.h), its
 * header completed (complete.h), its body mended where it must be (mime.h),
 * and then written, strict, as often as it is asked for.
 */
#ifndef MESSAGE_OUTGOING_H
#define MESSAGE_OUTGOING_H

#include "base/buf.h"
#include "base/error.h"
#include "message/complete.h"
#include "message/identity.h"
#include "message/intake.h"
#include "message/mends.h"
#include "message/spool.h"

#include <stdbool.h>
#include <stdint.h>

struct outgoing {
	struct intake in;
	bool seven_bit; /* nothing beyond ASCII in the body; false at first */

	/* What outgoing_mend() made of it. */
	struct buf header; /* completed, without the empty line behind it */
	bool walked;       /* mended has all of the message, header too */
	struct spool mended;
	int64_t stale;    /* octets of mended that header stands for */
	struct mends log; /* what was mended */
	int64_t size;     /* octets in wire form */
	bool eight_bit;   /* needs BODY=8BITMIME */
	bool utf8;        /* needs SMTPUTF8: an address in the header does */
};

/* size_max: ceiling of the message in octets, before and after mending. */
void outgoing_init(struct outgoing *o, int64_t size_max);
void outgoing_release(struct outgoing *o);

/* Once, when in has been read to its end. ERR_DATA as complete_header() and
 * mime_walk(); ERR_SIZE: too large by then; ERR_IO, ERR_TEMPORARY: spooling. */
int outgoing_mend(
    struct outgoing *o, const struct completion *c, struct error *err);

/* Then: changes it as authors_rewrite() does. ERR_DATA, ERR_IO. */
int outgoing_rewrite(
    struct outgoing *o, const struct identity *id, struct error *err);

/* Writes the message in wire form. ERR_IO on failure of either side. */
int outgoing_write(const struct outgoing *o, int fd, struct error *err);

#endif
