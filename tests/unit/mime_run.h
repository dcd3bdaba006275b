/* SPDX-License-Identifier: ISC */
/* A walk through a body, and whether what came of it may leave. */
#ifndef MIME_RUN_H
#define MIME_RUN_H

#include "unit.h"

#include "base/limits.h"
#include "message/mime.h"
#include "message/wire.h"

#define SEVEN_BIT 1 /* the relay takes no 8-bit content */
#define LOCKED 2    /* a signature covers the body */

#define U "\303\274"
#define TEXT "gr" U "n und blau" /* shorter in quoted-printable */
#define TEXT_QP "gr=C3=BCn und blau"

static const char multi_head[] =
    "Content-Type: multipart/mixed; boundary=b\r\n";

/* A walk and what came of it. */
struct run {
	int rc;
	struct error err;
	struct mime_result result;
	struct mends log;
	struct buf out;
};

static inline void
walk(struct run *r, struct span head, struct span body, int flags)
{
	struct mime_request request = {.head = head,
	    .seven_bit = (flags & SEVEN_BIT) != 0,
	    .locked = (flags & LOCKED) != 0,
	    .log = &r->log,
	    .result = &r->result};
	struct error err;
	struct spool in, out;
	int64_t at = 0;
	ssize_t n = 0;

	*r = (struct run){0};
	mends_init(&r->log);
	buf_init(&r->out, 16 * MIB);
	spool_init(&in);
	spool_init(&out);
	assert_int_equal(spool_add(&in, body, &err), 0);
	request.body = &in;
	r->rc = mime_walk(&request, &out, &r->err);
	do {
		char block[4096];

		n = spool_read(&out, at, block, sizeof block, &err);
		assert_true(n >= 0);
		buf_add(&r->out, block, (size_t)n);
		at += n;
	} while (n > 0);
	spool_release(&in);
	spool_release(&out);
}

static inline void
release(struct run *r)
{
	mends_release(&r->log);
	buf_release(&r->out);
}

/* May it leave? CRLF only, no NUL, no line over 998, 8 bit only if said. */
static inline bool
is_fit(const struct run *r)
{
	struct wire_check w;
	struct facts f;

	wire_check_init(&w);
	wire_check_take(&w, buf_span(&r->out));
	facts_init(&f);
	facts_take(&f, buf_span(&r->out));
	return wire_check_end(&w) && !facts_is_unfit(&f) &&
	       (f.eight_bit > 0) == r->result.eight_bit;
}

#endif
