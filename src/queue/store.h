/* SPDX-License-Identifier: ISC */
/*
 * The queue on disk: folders, files and locks. What stands in the files is
 * entry.h's; what every crash leaves behind is in pillarbox-queue(5).
 */
#ifndef QUEUE_STORE_H
#define QUEUE_STORE_H

#include "base/error.h"
#include "message/message_id.h"
#include "message/spool.h"
#include "queue/entry.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

struct store {
	const char *path; /* for messages; the caller's */
	int root;
	int queue;      /* what is accepted; or in later/ (place.h) */
	int tmp;        /* what is being written */
	int corrupt;    /* what was moved aside */
	time_t reserve; /* what is accepted is due so many seconds later */
	/* Something, and the folder is not synced since: */
	bool removed;       /* from queue */
	bool removed_later; /* from one of those in later */
	int patience;       /* seconds that store_accept() waits for the next
			       bytes; 0: as long as it takes */
};

/*
 * Opens the queue at path. make: makes the folders that are missing, with the
 * parents of path, mode 0700. ERR_TEMPORARY when it is not there or not ours.
 */
int store_open(struct store *s, const char *path, bool make, struct error *err);

/* Makes removals durable, so that a power cut sends nothing twice; closes. */
void store_close(struct store *s);

/* What was accepted, for who asked and for the log. */
struct accepted {
	char id[ENTRY_ID_SIZE];
	char sender[HOST_NAME_SIZE + LOCAL_PART_MAX + 2];
	char message_id[MESSAGE_ID_SIZE]; /* "": none, or not known */
	int64_t size;
	size_t rcpt_count;
};

/*
 * Reads an entry without stamps (entry.h) from fd up to its end, stamps it
 * with a new id, the time and uid, and makes it durable: written in tmp,
 * fdatasync, rename to queue, fsync of the folder. After 0 it is in the queue
 * whatever happens, and a->id names it; after -1 nothing is left.
 *
 * ERR_DATA: what was read is no whole entry, or its message is not in wire
 * form. ERR_IO: it cannot be read, or s->patience is over. ERR_TEMPORARY: no
 * room, or the disk failed.
 */
int store_accept(
    struct store *s, int fd, uid_t uid, struct accepted *a, struct error *err);

/*
 * Queues an entry that this program made itself, e with id, time, uid and size
 * all set, as durably as store_accept(). 0: it is there, also when an entry of
 * that id was there already: then this is the second try of something that a
 * crash cut off. ERR_IO, ERR_TEMPORARY; then nothing is left.
 */
int store_put(struct store *s, const struct entry *e,
    const struct spool *message, struct error *err);

/* An entry with its file, locked against everyone else while it is open. */
struct entry_file {
	struct entry entry;
	char id[ENTRY_ID_SIZE];
	int fd;
	off_t message_at;  /* where the message begins */
	off_t records_end; /* where the next record goes */
	time_t next;       /* time of the next attempt */
	struct store *store;
	time_t not_before;    /* where it is (place.h) */
	struct buf unwritten; /* records that are to go before the next one */
};

enum open_result {
	OPEN_FAILED = -1,
	OPEN_DONE,    /* f is open and ours */
	OPEN_BUSY,    /* somebody else works on it */
	OPEN_GONE,    /* no such entry, or no longer */
	OPEN_CORRUPT, /* moved aside; err says what is wrong with it */
};

/*
 * Opens and locks an entry. id is checked before it is used as a name.
 * OPEN_FAILED sets err, with ERR_IO or ERR_TEMPORARY.
 */
enum open_result store_entry_open(
    struct store *s, const char *id, struct entry_file *f, struct error *err);

/* Unlocks and closes; f is empty. */
void store_entry_close(struct entry_file *f);

/*
 * Appends r to the file (not yet synced) and applies it to f->entry. A torn
 * rest of an earlier append is cut off first. ERR_IO.
 */
int store_entry_append(
    struct entry_file *f, const struct record *r, struct error *err);

/*
 * The same, but it is written only when something else is: what follows from
 * what is there already needs not be kept, while nothing has come of it.
 */
void store_entry_note(struct entry_file *f, const struct record *r);

/*
 * Moves it to queue/, where every flush looks, to stay; its time is as it was.
 * To be done before a record says that it no longer waits for a person. ERR_IO.
 */
int store_entry_expose(struct entry_file *f, struct error *err);

/*
 * Makes the records durable, sets the time of the next attempt, and moves the
 * entry to where it is looked for then (place.h). ERR_IO.
 */
int store_entry_defer(struct entry_file *f, time_t next, struct error *err);

/* The time of the next attempt of an entry that waits for a person. */
#define STORE_NEVER ((time_t)4102444800) /* 2100-01-01 */

/* All is settled: removes the file. ERR_IO. */
int store_entry_remove(
    struct store *s, struct entry_file *f, struct error *err);

/* Moves a file that can be neither read nor sent to corrupt. ERR_IO. */
int store_entry_aside(struct store *s, const char *id, struct error *err);

/* One name found in the queue. */
struct queued {
	char id[ENTRY_ID_SIZE];
	time_t next;       /* 0: not asked for */
	time_t not_before; /* where it was found (place.h) */
};

/*
 * All entries, oldest first, by their names alone: some 40 bytes for each. The
 * list is the caller's to free. ERR_IO, also when some may not have been seen.
 */
int store_names(
    struct store *s, struct queued **list, size_t *count, struct error *err);

/* Those alone in queue/ whose ids are not less than least: what is new costs
 * no more than the names of all that lies there. */
int store_newer(struct store *s, const char *least, struct queued **list,
    size_t *count, struct error *err);

/*
 * Those alone that are due at when, with their times: STORE_NEVER - 1 for all
 * but what waits for a person.
 */
int store_due(struct store *s, time_t when, struct queued **list, size_t *count,
    struct error *err);

/*
 * Is any due that reader may see (as of store_peek()); or for root, is there
 * something for store_sweep() to do? Also true when it cannot be known: whoever
 * goes on will see.
 */
bool store_is_due(struct store *s, time_t when, uid_t reader);

/* The time of the next attempt that an entry's file says; 0 when the clock
 * was put back since (schedule_believe()). */
time_t store_time_of_next(const struct stat *st);

/*
 * Tidies up before a flush: removes what crashed writers left in tmp (a living
 * one holds its lock), and folders of later/ that are no longer needed; makes
 * due what lies in one of them for a time that a wrong clock has set.
 */
void store_sweep(struct store *s);

/*
 * Reads head and records of an entry into the empty buffers, as they stand in
 * its file, without the message, a torn last record and a lock; *next and *busy
 * (somebody works on it) as found: 1. 0 when it is gone, is no plain file of
 * the queue's owner, does not say whose it is and how large its message, or is
 * not for reader to see: root sees all, others what they sent. ERR_IO: it
 * cannot be known. Whether the rest of the head can be is not looked at:
 * whoever shows it decodes it.
 */
int store_peek(struct store *s, const struct queued *q, uid_t reader,
    struct buf *head, struct buf *records, time_t *next, bool *busy,
    struct error *err);

/* The same without what is read: 1, it is there for reader to see; 0; -1. */
int store_may_see(
    struct store *s, const struct queued *q, uid_t reader, struct error *err);

#endif
