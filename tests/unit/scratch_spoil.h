/* SPDX-License-Identifier: ISC */
/* Ways to make an entry of a scratch queue none. */
#ifndef SCRATCH_SPOIL_H
#define SCRATCH_SPOIL_H

#include "scratch_entry.h"

#include <stdio.h>
#include <stdlib.h>

/* Ways to spoil the whole entry id, whose file has these bytes. */

static inline void
garbage(const char *id, struct span whole)
{
	(void)whole;
	put(id, "garbage\n\n", 9);
}

static inline void
empty(const char *id, struct span whole)
{
	(void)whole;
	put(id, "", 0);
}

static inline void
zeros(const char *id, struct span whole)
{
	char *nul = must_calloc(whole.len, 1);

	put(id, nul, whole.len);
	free(nul);
}

static inline void
unstamped(const char *id, struct span whole)
{
	(void)whole;
	put(id, SCRATCH_WHOLE, strlen(SCRATCH_WHOLE));
}

static inline void
symbolic_link(const char *id, struct span whole)
{
	(void)whole;
	renameat(scratch.queue, id, scratch.tmp, id);
	assert_int_equal(symlinkat("../tmp/" OTHER, scratch.queue, id), 0);
}

static inline void
hard_link(const char *id, struct span whole)
{
	(void)whole;
	assert_int_equal(
	    linkat(scratch.queue, id, scratch.root, "second", 0), 0);
}

static inline void
folder(const char *id, struct span whole)
{
	(void)whole;
	unlinkat(scratch.queue, id, 0);
	mkdirat(scratch.queue, id, 0700);
}

static inline void
fifo(const char *id, struct span whole)
{
	(void)whole;
	unlinkat(scratch.queue, id, 0);
	mkfifoat(scratch.queue, id, 0600);
}

static inline void
another_id(const char *id, struct span whole)
{
	char *copy = must_spandup(whole);

	memcpy(strstr(copy, id), OTHER, strlen(OTHER));
	put(id, copy, whole.len);
	free(copy);
}

static const struct {
	const char *name;
	void (*spoil)(const char *id, struct span whole);
} spoilers[] = {
    {"garbage", garbage},
    {"empty", empty},
    {"zeros", zeros},
    {"without stamps", unstamped},
    {"symbolic link", symbolic_link},
    {"hard link", hard_link},
    {"folder", folder},
    {"fifo", fifo},
    {"another id inside", another_id},
};

/* Accepts an entry and spoils it. */
static inline void
accept_spoilt(size_t i, char id[ENTRY_ID_SIZE])
{
	struct buf whole;
	struct stat st;

	buf_init(&whole, 1 * MIB);
	scratch_accept(id);
	scratch_read(id, &whole, &st);
	spoilers[i].spoil(id, buf_span(&whole));
	buf_release(&whole);
}

#endif
