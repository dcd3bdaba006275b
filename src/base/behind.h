/* SPDX-License-Identifier: ISC */
/* Work that is done to its end, whether or not its caller waits for that. */
#ifndef BASE_BEHIND_H
#define BASE_BEHIND_H

#include <stddef.h>
#include <stdint.h>

/* Octets of an answer: what a pipe takes at once. */
#define BEHIND_MAX 4096

/* Does what is to be done, and puts what there is to say of it into answer. */
typedef void behind_work(void *context, void *answer);

enum behind {
	BEHIND_NONE, /* no process could be had for it, and nothing was done */
	BEHIND_LATE, /* the time is over, and it goes on */
	BEHIND_DONE  /* it has ended */
};

/*
 * Runs work in a copy of this process, and waits for it until end_ms
 * (clock_monotonic_ms()). Of all that is open the copy has only those of keep,
 * which has count of them, -1 for none, and their locks; nobody waits for the
 * end of its output, and no terminal reaches it. It logs nothing. Signals that
 * are blocked are so there.
 *
 * After BEHIND_DONE answer, of size octets, is what work has left of it; or as
 * it was, if something has killed it. Otherwise it is as it was.
 */
enum behind behind(behind_work *work, void *context, const int *keep,
    size_t count, void *answer, size_t size, int64_t end_ms);

#endif
