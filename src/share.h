/* SPDX-License-Identifier: ISC */
/*
 * What the processes of one flush (crew.h) know together, in memory that they
 * share: the entries of its list, by their places there, and who has which. So
 * each of them is taken by one process, the oldest first, and no process opens
 * what another has looked at.
 */
#ifndef SHARE_H
#define SHARE_H

#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum piece_state {
	PIECE_WAITS,
	PIECE_TAKEN,    /* by a process; after its end, nobody knows */
	PIECE_RETURNED, /* it is done, but perhaps not the report on it */
	PIECE_DONE,
};

struct piece {
	atomic_uint uid; /* whose it is; DUE_NOBODYS: not known yet */
	atomic_int post; /* the number of its relay, from 1 on; 0: not known */
	atomic_uchar state;
};

struct share {
	size_t size, count; /* in octets; of the pieces */
	atomic_size_t done;
	atomic_bool stays;  /* something due is still there */
	atomic_bool *works; /* each relay: the last answer was a good one */
	struct piece piece[];
};

/* NULL: there is no memory; ERR_TEMPORARY. */
struct share *share_new(size_t count, size_t relay_count, struct error *err);

void share_free(struct share *s);

/* One that waits is this process's from now on; false: it does not wait. */
bool share_take(struct share *s, size_t i);

/* What was taken waits again. */
void share_put_back(struct share *s, size_t i);

/* What was taken is done, or PIECE_RETURNED. */
void share_end(struct share *s, size_t i, enum piece_state state);

/* When this process alone is left: all that others took, and did not end,
 * waits again. */
void share_reclaim(struct share *s);

#endif
