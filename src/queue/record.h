/* SPDX-License-Identifier: ISC */
/*
 * Outcome records: lines appended to an entry as things happen to it. The
 * form is the contract of pillarbox-queue(5).
 */
#ifndef QUEUE_RECORD_H
#define QUEUE_RECORD_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum event {
	EVENT_ATTEMPT,   /* a relay was tried; text: what was wrong with it */
	EVENT_DELIVERED, /* the relay took responsibility for a recipient */
	EVENT_REFUSED,   /* refused for good */
	EVENT_DEFERRED,  /* refused for now */
	EVENT_IN_DOUBT,  /* all was sent and no final reply was seen */
	EVENT_HELD,      /* waits for a person */
	EVENT_RELEASED,  /* waits no longer */
	EVENT_EXPIRED,   /* given up: not delivered within its lifetime */
	EVENT_WARNED,    /* the sender was told that it is delayed */
	EVENT_BOUNCED,   /* the sender was told who did not get it */
	EVENT_RELAYED,   /* the next: delivered, to a relay that will not tell
			    of it, while the sender asks to be told of success
			  */
	EVENT_ALIASED, /* a recipient that an alias has added; text: for whom */
	EVENT_EXPANDED, /* one whose addresses by its alias are all there */
	EVENT_DROPPED,  /* one of these, by an alias that was changed since */
	EVENT_UNKNOWN,  /* of a later version; skipped */
};

#define EVENT_COUNT EVENT_UNKNOWN

/* Stands for all of the message rather than one of its recipients. */
#define RCPT_NONE ((size_t)-1)

struct record {
	time_t when;
	enum event event;
	size_t rcpt;                 /* index into the envelope, or RCPT_NONE */
	char relay[RELAY_NAME_SIZE]; /* "" when no relay had a part in it */
	char text[REPLY_TEXT_MAX];   /* one printable line, may be "" */
};

/* Fills r; relay and text may be NULL and are cut and cleaned to fit. */
void record_set(struct record *r, enum event event, size_t rcpt,
    const char *relay, const char *text);

/* Appends r as one line with its checksum. */
void record_encode(const struct record *r, struct buf *to);

/*
 * Reads one line, without its line end. False when the checksum is wrong:
 * torn, rotten, or not a record at all. One whose checksum is right and whose
 * form is not known is of a later version: EVENT_UNKNOWN.
 */
bool record_decode(struct span line, struct record *r);

/* The word for an event in the file. */
const char *event_name(enum event event);

#endif
