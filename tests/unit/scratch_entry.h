/* SPDX-License-Identifier: ISC */
/* Entries of a scratch queue: opened, appended to, replaced. */
#ifndef SCRATCH_ENTRY_H
#define SCRATCH_ENTRY_H

#include "unit.h"

#include "base/io.h"
#include "queue/store.h"
#include "scratch_queue.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* An id that no entry has. */
#define OTHER "64C8F1A2B3C4DAB12CD"

static struct error err;

/* Opens what must open. */
static inline void
open_entry(const char *id, struct entry_file *f)
{
	if (store_entry_open(&scratch, id, f, &err) != OPEN_DONE)
		fail_msg("%s: %s", id, err.text);
}

static inline enum open_result
try_open(const char *id)
{
	struct entry_file f;
	enum open_result result = store_entry_open(&scratch, id, &f, &err);

	if (result == OPEN_DONE)
		store_entry_close(&f);
	assert_int_equal(f.fd, -1);
	return result;
}

static inline void
append(struct entry_file *f, enum event event, size_t rcpt, const char *text)
{
	struct record r;

	record_set(&r, event, rcpt, "work", text);
	assert_int_equal(store_entry_append(f, &r, &err), 0);
}

/* Replaces what stands in the queue under id. */
static inline void
put(const char *id, const void *bytes, size_t len)
{
	int fd;

	unlinkat(scratch.queue, id, 0);
	fd = openat(scratch.queue, id, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, bytes, len), 0);
	close(fd);
}

#endif
