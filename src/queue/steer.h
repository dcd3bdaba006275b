/* SPDX-License-Identifier: ISC */
/*
 * What a person does to one entry: holds it, releases it, removes it. Each
 * under the entry's lock, and durable.
 */
#ifndef QUEUE_STEER_H
#define QUEUE_STEER_H

#include "base/error.h"
#include "queue/store.h"

#include <sys/types.h>

/*
 * Ids are given one a line, so many bytes of them at most: 800,000, some
 * eight times what a queue is measured with.
 */
#define STEER_IDS_MAX (16 * MIB)

/* Whom the queue obeys wholly, whatever it is about. */
#define STEER_ALL ((uid_t)0)

enum steer {
	STEER_HOLD,    /* it waits for a person; one that is held stays so */
	STEER_RELEASE, /* it is due now; one that is not held stays as it is */
	STEER_REMOVE,
	STEER_FORGET, /* removed, if a relay has refused it for all */
};

enum steered {
	STEER_FAILED = -1, /* err says why */
	STEER_DONE,
	STEER_BUSY, /* somebody else works on it */
	STEER_GONE, /* not in the queue; or not for who to touch */
};

/* Is it there for who to see? Asked without a lock. */
bool steer_may_see(struct store *s, const char *id, uid_t who);

/*
 * Opens and locks an entry for who: STEER_ALL, or a user who may have what
 * that user sent. One of somebody else is not even locked, so that nobody can
 * keep a delivery from it. id is checked.
 */
enum steered steer_open(struct store *s, const char *id, uid_t who,
    struct entry_file *f, struct error *err);

/* Does that to an entry. What STEER_REMOVE has done is durable only after
 * steer_sync(). */
enum steered steer_one(struct store *s, const char *id, enum steer what,
    uid_t who, struct error *err);

/* Makes removals durable. ERR_IO. */
int steer_sync(struct store *s, struct error *err);

/* Does something to an entry. */
typedef enum steered steer_act(void *context, const char *id, struct error *);

/*
 * Reads ids from fd up to its end, one a line, does act to each, and writes on
 * stdout a line for each, in their order: "done", "busy", "gone" or "failed"
 * and why. What is no id is not in the queue. ERR_DATA: too many; ERR_IO.
 */
int steer_each(int fd, steer_act *act, void *context, struct error *err);

#endif
