/* SPDX-License-Identifier: ISC */
/* A queue in a folder of its own, for one test. */
#ifndef SCRATCH_QUEUE_H
#define SCRATCH_QUEUE_H

#include "base/error.h"
#include "base/span.h"
#include "queue/store.h"

#include <sys/stat.h>

/* The message of scratch_accept(), and whose it is. */
#define SCRATCH_MESSAGE "Subject: x\r\n\r\n.dot\r\n"
#define SCRATCH_HEAD "pillarbox 1\nfrom <a@example.com>\nto <b@example.net>\n"
#define SCRATCH_WHOLE SCRATCH_HEAD "size 20\n\n" SCRATCH_MESSAGE
#define SCRATCH_UID 4711

extern struct store scratch;
extern char scratch_path[64];

/* Setup and teardown of a test. */
int scratch_make(void **state);
int scratch_remove(void **state);

/* How many names are in queue, tmp and corrupt? */
size_t scratch_count(void);

/* Is there a file of that name in the folder? */
bool scratch_has(int folder, const char *name);

/* A file without a name that holds bytes, at its beginning. */
int scratch_file(struct span bytes);

/* Offers bytes to store_accept(); the kind of its failure, or ERR_NONE. */
enum error_kind scratch_offer(struct span bytes, char id[ENTRY_ID_SIZE]);

/* Accepts SCRATCH_WHOLE. */
void scratch_accept(char id[ENTRY_ID_SIZE]);

/* Appends what stands in the queue under id. */
void scratch_read(const char *id, struct buf *to, struct stat *st);

#endif
