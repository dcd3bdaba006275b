/* SPDX-License-Identifier: ISC */
/*
 * What pillarbox-queue --list writes on stdout, and the front reads: first for
 * each relay that is paused this and behind it a struct paused and an LF; then
 * for each entry that the caller may see, oldest first, this and behind it its
 * head and its records, as they stand in the file, in whole lines. The store
 * has not looked through them, so the reader must take care of those that
 * cannot be decoded. --show writes one entry so, and behind it its message.
 * Both sides are of one build, hence the host's own numbers.
 */
#ifndef QUEUE_FRAME_H
#define QUEUE_FRAME_H

#include <stdint.h>

enum frame_kind {
	FRAME_ENTRY = 1,
	FRAME_PAUSE,
	FRAME_TURN, /* between two processes of the store: not for the front */
};

struct frame {
	int64_t next;     /* time of the next attempt */
	uint32_t kind;    /* enum frame_kind */
	uint32_t head;    /* octets, ENTRY_HEAD_MAX at most; 0 of a pause */
	uint32_t records; /* octets, ENTRY_RECORDS_MAX at most; of a pause its
			     size */
	uint32_t busy;    /* 1: somebody works on it */
};

#endif
