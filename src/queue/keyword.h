/* SPDX-License-Identifier: ISC */
/*
 * The lines of an entry's head, each a keyword, a blank and a value; the table
 * of pillarbox-queue(5). Private to queue/.
 */
#ifndef QUEUE_KEYWORD_H
#define QUEUE_KEYWORD_H

#include "base/span.h"
#include "queue/entry.h"

#include <stdbool.h>

/*
 * Reads one line, without its line end, into e. *seen, 0 at first, has a bit
 * for each keyword that stood already. False on a keyword that is not known or
 * is the store's own word in a head that is not stamped, on one that stands
 * twice ("to" may), and on a value that cannot be; e may then be half filled.
 */
bool keyword_take(
    struct entry *e, bool stamped, struct span line, unsigned *seen);

/* Have all lines been seen that must be? */
bool keyword_is_whole(bool stamped, unsigned seen);

#endif
