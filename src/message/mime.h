/* SPDX-License-Identifier: ISC */
/*
 * Bodies made fit to leave (RFC 2045, 2046): a part that has lines over 998,
 * NUL, CR alone, or 8-bit content that it does not declare, is encoded as
 * quoted-printable, or as base64 where that is shorter, and says so; decoding
 * gives back the same bytes. All other parts stay as they are.
 */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "base/buf.h"
#include "base/error.h"
#include "message/facts.h"
#include "message/mends.h"
#include "message/spool.h"

#include <stdbool.h>

struct mime_result;

struct mime_request {
	struct span head;         /* of the message, wire form, completed */
	const struct spool *body; /* as it came */
	bool seven_bit;           /* the relay takes no 8-bit content */
	bool locked;              /* a signature covers the body */
	struct mends *log;
	struct mime_result *result;
};

/* What came of it. */
struct mime_result {
	bool eight_bit; /* something still needs BODY=8BITMIME */
};

/* Must any part be changed, or must each be looked at to know? */
bool mime_needs_walk(const struct mime_request *r, const struct facts *body);

/*
 * Writes the whole message to out, head first, mended. ERR_DATA, saying which
 * part: what would have to be changed is signed, or cannot be encoded.
 */
int mime_walk(
    const struct mime_request *r, struct spool *out, struct error *err);

#endif
