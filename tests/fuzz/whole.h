/* SPDX-License-Identifier: ISC */
/* A message on the way that it takes through the front, without a process. */
#ifndef WHOLE_H
#define WHOLE_H

#include "base/buf.h"
#include "base/error.h"
#include "message/outgoing.h"

#include <stdbool.h>
#include <stddef.h>

struct whole_wish {
	bool seven_bit; /* as outgoing.h says */
	bool walk;      /* walk through the parts in any case */
	size_t memory;  /* of a spool, before there is a file; 0: as ever */
};

struct whole {
	struct outgoing message;
	struct buf out;    /* all of it, as it would be sent */
	size_t head;       /* octets of out before the body */
	bool body_is_kept; /* a signature covers it */
	struct error err;  /* when whole_make() says -1 */
};

/* whole_release() in any case. */
int whole_make(
    struct whole *w, struct span message, const struct whole_wish *wish);
void whole_release(struct whole *w);

#endif
