/* SPDX-License-Identifier: ISC */
/*
 * Completing a header block (RFC 6409 8): what is missing is added at its
 * end, what must not leave the host is taken out, the rest stays byte for
 * byte and in its order.
 */
#ifndef MESSAGE_COMPLETE_H
#define MESSAGE_COMPLETE_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "message/mends.h"

#include <stdint.h>
#include <sys/types.h>

/* What Received tells. */
enum received {
	RECEIVED_NONE, /* nothing: there is no such field */
	RECEIVED_HOST, /* by which host, and when */
	RECEIVED_USER, /* and from which user id */
};

struct completion {
	int64_t now_us;        /* for Date and Message-ID */
	const char *sender;    /* for From; envelope form, not null */
	const char *full_name; /* for From; "" for none */
	const char *host_name; /* for Message-ID */
	const char *domain;    /* for addresses in fields that have none */
	enum received received;
	bool hop;  /* Received is a must: it is all that ends a loop */
	uid_t uid; /* for Received */
};

/*
 * Writes the completed header block to to, without the empty line behind it.
 * Received, if wanted, comes first (RFC 5321 4.4), but not upon a signature;
 * of a hop in any case.
 * Bcc, Resent-Bcc and Return-Path go, with their folds; Date, Message-ID and
 * From come when missing; what must not leave as it is, is mended (field.h).
 * Said in log. to's ceiling must leave room for those three.
 * ERR_DATA, naming the field: it cannot be mended. ERR_LOOP: it has had
 * RECEIVED_MAX hops.
 */
int complete_header(struct span head, const struct completion *c,
    struct buf *to, struct mends *log, struct error *err);

/* Is name one of the fields that never leave the host? */
bool complete_removes(struct span name);

#endif
