/* SPDX-License-Identifier: ISC */
/* What was mended in a message and why, a line for each: for --explain. */
#ifndef MESSAGE_MENDS_H
#define MESSAGE_MENDS_H

#include "base/buf.h"

struct mends {
	struct buf lines; /* each ends in LF; the last may be missing when
			     there were too many */
};

void mends_init(struct mends *m);
void mends_release(struct mends *m);

void mends_add(struct mends *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
