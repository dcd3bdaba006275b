/* SPDX-License-Identifier: ISC */
/*
 * An entry: one message in the queue, with all that is known of it. Encoding
 * and decoding only; files are store.h's. The form is the contract of
 * pillarbox-queue(5).
 */
#ifndef QUEUE_ENTRY_H
#define QUEUE_ENTRY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "message/envelope.h"
#include "queue/record.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum rcpt_state {
	RCPT_WAITING,
	RCPT_DELIVERED,
	RCPT_REFUSED,
	RCPT_EXPIRED, /* given up */
	RCPT_ALIASED, /* others stand for it, and are behind it */
	RCPT_DROPPED, /* stood for it, and does no longer */
};

struct rcpt_status {
	enum rcpt_state state;
	char *text;  /* what was last said of it; NULL: nothing yet */
	time_t when; /* that was; 0: never */
	char relay[RELAY_NAME_SIZE]; /* who said it; "": nobody */
	bool relayed; /* success is ours to tell, if it was delivered */
	size_t alias; /* the recipient that it stands for, by
			 that one's alias; RCPT_NONE: it is of
			 the head */
};

struct entry {
	/* The head; never changes. */
	char id[ENTRY_ID_SIZE];
	time_t time;                 /* of acceptance */
	uid_t uid;                   /* of the caller */
	char relay[RELAY_NAME_SIZE]; /* --relay; "": by the sender */
	struct envelope envelope;
	int64_t size; /* of the message, octets */

	/* What the records add up to. */
	struct rcpt_status *status; /* one for each recipient, */
	size_t named;               /* of whom the first ones are of the head */
	unsigned attempts;
	unsigned answered; /* of these, with an outcome for somebody; in the
			      others the relay itself was out of order */
	bool asked;        /* the last one has no outcome so far */
	bool held;
	bool warned;   /* the sender knows that it is delayed */
	bool bounced;  /* the sender knows who did not get it, and of success
			  where that was asked for */
	char *trouble; /* why the last attempt failed as a whole, or why it
			  is held; NULL: it did not */
};

/* Frees all of it; the entry is empty and may be used again. */
void entry_release(struct entry *e);

/* Its envelope is made: nothing has become of anybody so far. */
void entry_begin(struct entry *e);

/*
 * Appends the head, with the empty line behind it. stamped: with id, time and
 * uid, as in a file; without, as a front hands it to the store or to
 * delivery.
 */
void entry_encode(const struct entry *e, bool stamped, struct buf *to);

/*
 * How long is the head at the beginning of text, with its empty line? 0 when
 * it is not all there.
 */
size_t entry_head_length(struct span text);

/*
 * Reads a head, with its empty line, into e. Trusts nothing: every address is
 * checked, every line must be known. ERR_DATA, saying what is wrong.
 */
int entry_decode(
    struct entry *e, bool stamped, struct span head, struct error *err);

/*
 * What must be known of a stamped head to hand it on: whose the entry is, and
 * the size of its message. The other lines are not looked at. False when one
 * of the two is missing, stands twice or cannot be, or it is no head.
 */
bool entry_glance(struct span head, uid_t *uid, int64_t *size);

/* Applies one record: to its recipient, or to all that wait; one about a
 * recipient that e has not is ignored. */
void entry_apply(struct entry *e, const struct record *r);

/*
 * Fills r: that recipient rcpt, of the head, is by its alias also address. It
 * becomes a recipient of its own behind all others, with NOTIFY and ORCPT of
 * the first. False: there is no room for more.
 */
bool entry_alias(
    const struct entry *e, size_t rcpt, const char *address, struct record *r);

/* What such a record, or one that is said to be, does to e. For entry_apply().
 */
void entry_take_alias(struct entry *e, const struct record *r);

/*
 * Applies all whole records of text and returns how long they are: what is
 * behind that is the torn rest of an append that a crash cut off.
 */
size_t entry_apply_all(struct entry *e, struct span text);

/* How many recipients are in that state? */
size_t entry_count(const struct entry *e, enum rcpt_state state);

/* Has this recipient, or who stands for it, not got the message yet? */
bool entry_lacks(const struct entry *e, size_t rcpt);

/* How many is it for? Those whom others stand for are not counted. */
size_t entry_rcpts(const struct entry *e);

#endif
